import ExternalTools
import Foundation
import Rehearsal
import TestSupport
import Testing

/// A rehearsal can fail: each real defect is reported by the right scenario, in a sentence that names it.
@Suite(.needsHost, .serialized) struct PlantedTests {
  @Test(arguments: Defect.all) func isReported(_ defect: Defect) async throws {
    var (old, new) = Defect.pair()
    defect.plant(&old, &new)
    try await rehearse(old, new, ["--scenario", defect.scenario]) { report, messages, lines in
      let result = try #require(report.scenarios.first { $0.name == defect.scenario }, "\(messages)")
      #expect(result.outcome == .failed, "\(result.sentence)\n\(result.log)")
      for words in defect.words { #expect(result.sentence.contains(words), "\(result.sentence)\n\(result.log)") }
      #expect(result.key == defect.key, "\(result.sentence)")
      if let key = defect.key, key != "scripts" {
        #expect(result.location == "release.yaml:\(lines[key] ?? 0)", "\(key)")
      }
    }
  }

  @Test func whatIsGoodIsNotReported() async throws {
    let (old, new) = Defect.pair()
    let scenarios = Set(Defect.all.map(\.scenario)).sorted().flatMap { ["--scenario", $0] }
    try await rehearse(old, new, scenarios) { report, messages, _ in
      let failed = report.scenarios.filter { $0.outcome != .passed }.map { "\($0.name): \($0.sentence)\n\($0.log)" }
      #expect(failed == [], "\(messages)")
      #expect(report.scenarios.count >= Set(Defect.all.map(\.scenario)).count)
      #expect(report.figures.downtime ?? 0 > 0 && report.figures.entriesLost == 0)
    }
  }

  private func rehearse(
    _ old: TestRelease, _ new: TestRelease, _ options: [String],
    _ body: (RehearsalReport, String, [String: Int]) throws -> Void
  ) async throws {
    let base = try await Host.directory(of: .minimal)
    try await withScratch { scratch in
      let previous = try await old.build(in: scratch)
      let sources = scratch + "/release"
      try new.write(to: sources)
      let text = try String(contentsOfFile: sources + "/release.yaml", encoding: .utf8)
      let package = try await Tool(Checkout.belay, ["build", "-t", scratch], directory: sources).run().outputText
      var environment = ProcessInfo.processInfo.environment
      environment["BELAY_CACHE"] = scratch + "/cache"
      environment["BELAY_HOSTS"] = nil
      let words =
        ["rehearse", package.trimmingCharacters(in: .newlines), "--from", previous, "--base", base, "--jobs", "3"]
        + ["--seed", "1", "--json", "--quiet", "--report", scratch + "/report"] + options
      let result = try await Tool(
        Checkout.belay, words, environment: environment, directory: sources, timeout: .seconds(400)
      ).run(accepting: nil)
      #expect([0, 1].contains(result.exitCode), "\(result.errorText)")
      try body(try ReportJSON.report(from: result.outputText), result.errorText, Self.places(in: text))
    }
  }

  /// The lines of the keys that defects blame, found by their text.
  private static func places(in yaml: String) -> [String: Int] {
    let lines = yaml.split(separator: "\n", omittingEmptySubsequences: false)
    func line(_ text: String) -> Int? { lines.firstIndex { $0.hasPrefix(text) }.map { $0 + 1 } }
    let texts = [
      "steps[0].undo": "    undo:", "steps[0].run": "    run:", "snapshot": "snapshot:",
      "snapshot.dumps[0].verify": "      verify:", "checks[2]": "  - {name: has", "downtime.budget": "downtime:",
      "services[0]": "  - {unit:", "scripts.preremove": "scripts:", "scripts.postinstall": "scripts:",
    ]
    return texts.compactMapValues(line)
  }
}
