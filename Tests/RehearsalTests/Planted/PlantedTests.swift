import ExternalTools
import Foundation
import Rehearsal
import TestSupport
import Testing

/// It can fail: a pair with one real defect is reported by the right scenario, with a sentence that names the defect.
@Suite(.needsHost, .serialized) struct PlantedTests {
  @Test(arguments: PlantedDefect.all)
  func isReported(_ defect: PlantedDefect) async throws {
    var pair = PlantedPair()
    defect.plant(&pair)
    let (report, lines) = try await Self.rehearsal(of: pair, [defect.scenario])
    let result = try #require(report.scenarios.first { $0.name == defect.scenario })
    #expect(result.outcome == .failed)
    for word in defect.words { #expect(result.sentence.contains(word), "\(result.sentence)") }
    #expect(result.key == defect.key, "\(result.sentence)")
    let number = try #require(lines.firstIndex { $0.trimmingCharacters(in: .whitespaces).hasPrefix(defect.line) }) + 1
    #expect(result.location == "release.yaml:\(number)")
  }

  /// The same of packages that belay had no hand in: nothing checks the old version there but the rehearsal.
  @Test func isReportedOfAPlainPair() async throws {
    var pair = PlantedPair()
    PlantedDefect.conffileThatBreaksTheOld(&pair)
    let report = try await withScratch { directory in
      let old = try await pair.old.foreign.build(in: directory)
      let new = try await pair.new.foreign.build(in: directory)
      return try await Rehearsed.report(of: new, from: old, ["downgrade"], in: directory)
    }
    let result = try #require(report.scenarios.first { $0.name == "downgrade" })
    #expect(result.outcome == .failed)
    for word in ["shop.service does not run", "/etc/shop/conf.d/currency.conf: unknown setting 'currency'"] {
      #expect(result.sentence.contains(word), "\(result.sentence)")
    }
    #expect(result.key == "contents")
  }

  @Test func withoutADefectNothingIsReported() async throws {
    let scenarios = Set(PlantedDefect.all.map(\.scenario)).sorted()
    let (report, _) = try await Self.rehearsal(of: PlantedPair(), scenarios)
    for result in report.scenarios { #expect(result.outcome == .passed, "\(result.name): \(result.sentence)") }
    #expect(Set(report.scenarios.map(\.name)).isSuperset(of: scenarios))
  }

  @Test func aProbationIsPlayed() async throws {
    var pair = PlantedPair()
    pair.more = "probation: 30s"
    let scenarios = ["probation-check-fails-1", "power-cut-probation"]
    let (report, _) = try await Self.rehearsal(of: pair, scenarios)
    for result in report.scenarios { #expect(result.outcome == .passed, "\(result.name): \(result.sentence)") }
    #expect(Set(report.scenarios.map(\.name)).isSuperset(of: scenarios))
  }

  /// - Returns: the report, and the lines of the new version's release.yaml.
  private static func rehearsal(
    of pair: PlantedPair, _ scenarios: [String]
  ) async throws -> (RehearsalReport, [String]) {
    try await withScratch { directory in
      let old = try await pair.old.build(in: directory)
      let new = try await pair.new.build(in: directory)
      let sources = directory + "/sources"
      try pair.new.write(to: sources)
      let report = try await Rehearsed.report(of: new, from: old, scenarios, in: sources)
      let text = try String(contentsOfFile: sources + "/release.yaml", encoding: .utf8)
      return (report, text.components(separatedBy: "\n"))
    }
  }
}

/// The real program, rehearsing.
enum Rehearsed {
  /// What the program said instead of a report.
  struct NoReport: Error {
    var messages: String
  }

  /// - Parameter directory: where it is run; the description is looked for there.
  static func report(
    of new: String, from old: String, _ scenarios: [String], in directory: String
  ) async throws -> RehearsalReport {
    let base = try await Host.directory(of: .minimal)
    var environment = ProcessInfo.processInfo.environment
    environment["BELAY_CACHE"] = Checkout.directory + "/.cache"
    let result = try await Tool(
      Checkout.belay,
      [
        "rehearse", new, "--from", old, "--base", base, "--json", "--quiet", "--jobs", "3", "--report",
        directory + "/report",
      ]
        + scenarios.flatMap { ["--scenario", $0] }, environment: environment, directory: directory,
      timeout: .seconds(280)
    ).run(accepting: nil)
    guard [0, 1].contains(result.exitCode), !result.output.isEmpty else { throw NoReport(messages: result.errorText) }
    let report = try ReportJSON.report(from: result.outputText)
    // The exit code says what the report says.
    guard (result.exitCode == 0) == report.isPassed else { throw NoReport(messages: "exit \(result.exitCode)") }
    return report
  }
}
