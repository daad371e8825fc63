import ArgumentParser
import Foundation
import Rehearsal

struct Rehearse: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Rehearse an update on throw-away hosts, with faults.")

  @Argument var package: String
  @Option var from: String?
  @Option var base: String?
  @Option var jobs = 8
  @Option var scenario: [String] = []

  func run() async throws {
    var options = RehearsalOptions(new: package, old: from, jobs: jobs, seed: 1, cache: ProcessInfo.processInfo.environment["BELAY_CACHE"] ?? "/var/cache/belay")
    options.base = base
    options.scenarios = scenario
    let rehearsal = try await Rehearsal(options)
    do {
      let report = try await rehearsal.run { progress in
        if case .ended(let result, let done, let count) = progress { Console.message("\(done)/\(count) \(result.outcome.rawValue) \(result.name): \(result.end?.rawValue ?? "-") \(result.state) \(result.duration) ms down \(result.downtime ?? -1) return \(result.timeToReturn ?? -1) \(result.sentence)") 
          if result.outcome == .failed { for d in result.differences { Console.message("  \(d.subject)\n    " + d.lines.joined(separator: "\n    ")) } } }
        else if case .preparing(let what) = progress { Console.message("belay: \(what)") }
      }
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      try encoder.encode(report).write(to: URL(fileURLWithPath: "/tmp/report.json"))
    } catch {
      Console.error("\(error)")
      throw ExitCode(74)
    }
  }
}
