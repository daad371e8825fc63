import Foundation
import TestSupport

/// The table of docs/interruptions.md: what the documentation promises is what the tests play.
enum InterruptionTable {
  /// Where the host must end.
  enum End: String, Sendable {
    case old, new
  }

  /// One cell: something that happens while a transaction is at a point.
  struct Cell: Sendable, CustomStringConvertible {
    /// A state, or a fault point of the program between two states.
    let point: String
    let disturbance: Disturbance
    let end: End

    var description: String { "\(disturbance.rawValue) in \(point)" }

    /// 3.0 works and is interrupted on its way forward; 2.0 fails its check and is interrupted on the way back.
    var version: String { isInProbation ? "4.0" : isOnTheWayBack ? "2.0" : "3.0" }

    /// 4.0 is 3.0 with a probation.
    var isInProbation: Bool { point == "probation" }

    var isOnTheWayBack: Bool { !Self.forward.contains(point) }

    /// In the part of a return that is done while dpkg still works on others.
    var isInTheInterim: Bool { point.hasPrefix("interim") }

    private static let forward: Set<String> = [
      "prepared", "unpacked", "configure-begun", "saved", "updating", "step-1-begun", "step-1", "checking", "probation",
      "committed",
    ]
  }

  struct Unreadable: Error, CustomStringConvertible {
    let description: String
  }

  /// All of them; with BELAY_CELLS set to a regular expression only those whose description matches, for whoever works on one.
  static func cells() throws -> [Cell] {
    guard let wanted = ProcessInfo.processInfo.environment["BELAY_CELLS"] else { return try all() }
    let expression = try Regex(wanted)
    return try all().filter { $0.description.contains(expression) }
  }

  private static func all() throws -> [Cell] {
    let text = try String(contentsOfFile: Checkout.directory + "/docs/interruptions.md", encoding: .utf8)
    let rows = text.split(separator: "\n").filter { $0.hasPrefix("|") }.map { line in
      line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    guard let head = rows.first, rows.count > 2 else { throw Unreadable(description: "no table") }
    let disturbances = try head.dropFirst().map { name -> Disturbance in
      guard let disturbance = Disturbance(rawValue: name) else {
        throw Unreadable(description: "nobody knows how to play the column '\(name)'")
      }
      return disturbance
    }
    return try rows.dropFirst(2).flatMap { row -> [Cell] in
      guard row.count == disturbances.count + 1 else { throw Unreadable(description: "a short row: \(row)") }
      return try zip(disturbances, row.dropFirst()).compactMap { disturbance, word -> Cell? in
        if word == "-" { return nil }
        guard let end = End(rawValue: word) else { throw Unreadable(description: "'\(word)' is no end") }
        return Cell(point: row[0], disturbance: disturbance, end: end)
      }
    }
  }
}
