import ExternalTools
import Foundation
import Rehearsal
import TestSupport
import Testing

/// guestbook passes its own rehearsal.
@Suite(.needsHost) struct GuestbookRehearsalTests {
  /// What is known to fail, by scenario files; nothing else may.
  private static let known = [
    "disk-full", "disk-full-returning", "filesystem-full", "filesystem-full-returning", "inodes-gone",
    "inodes-gone-returning",
  ]

  @Test func everythingEndsOldNewOrHonest() async throws {
    try await withScratch { scratch in
      let (result, report) = try await rehearse(["--report", scratch + "/report", "--seed", "4711"])
      let failed = report.scenarios.filter { $0.outcome == .failed }
      #expect(failed.map { "\($0.name): \($0.sentence)\n\($0.log)" } == [])
      #expect(result.exitCode == 0, "\(result.errorText)")
      #expect(report.counts.tried >= 100)
      let unlisted = report.scenarios.filter { $0.outcome == .known }.map(\.name).filter { name in
        !Self.known.contains { name.hasPrefix($0) }
      }
      #expect(unlisted == [])
      #expect(report.figures.entriesLost == 0)
      #expect(report.figures.downtime ?? 0 > 0 && report.figures.return95 ?? 0 > 0)
      let receipt = try String(
        contentsOfFile: scratch + "/report/guestbook_1.2.0_all.rehearsal.json", encoding: .utf8)
      #expect(try Receipt.receipt(from: receipt).new.version == "1.2.0")
      for file in ["report.html", "report.json", "junit.xml"] {
        #expect(FileManager.default.fileExists(atPath: "\(scratch)/report/\(file)"))
      }
    }
  }

  /// The broken release is found out, and no receipt is left.
  @Test func theBrokenReleaseFails() async throws {
    try await withScratch { scratch in
      let (result, report) = try await rehearse(
        ["--report", scratch + "/report", "--scenario", "upgrade"], to: "1.1.0")
      #expect(result.exitCode == 1)
      let upgrade = try #require(report.scenarios.first { $0.name == "upgrade" })
      #expect(upgrade.end == .old && upgrade.sentence.contains("front page answers"), "\(upgrade.sentence)")
    }
  }

  private func rehearse(
    _ options: [String], to version: String = "1.2.0"
  ) async throws -> (Tool.Result, RehearsalReport) {
    var environment = ProcessInfo.processInfo.environment
    environment["BELAY"] = Checkout.belay
    environment["BELAY_CACHE"] = environment["BELAY_CACHE"] ?? Checkout.directory + "/.cache"
    let base = try await Host.directory(of: .postgresql)
    let result = try await Tool(
      Checkout.directory + "/examples/guestbook/rehearse",
      ["1.0.0", version, "--base", base, "--json", "--quiet"] + options, environment: environment,
      timeout: .seconds(2_400), outputLimit: 64 << 20
    ).run(accepting: nil)
    try #require([0, 1].contains(result.exitCode), "\(result.exitCode): \(result.errorText)")
    return (result, try ReportJSON.report(from: result.outputText))
  }
}
