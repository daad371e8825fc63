import ExternalTools
import Foundation
import ReleaseDescription
import Templates
import TestSupport
import Testing

@testable import Packaging

/// The host's own Plan B (templates/maintscript/plan-b*.sh) against the document in the package.
@Suite struct PlanBHostTests {
  private static let pieces = [
    "return-conf.sh", "return-set.sh", "interim-units.sh", "plan-b.sh", "plan-b-paths.sh", "plan-b-package.sh",
  ]

  /// What the other pieces of the program answer on a host where nothing is known yet.
  private static let surroundings = """
    newline='
    '
    manifest() { return 1; }
    fact() { :; }
    has_way_back() { :; }
    unit_was() { return 1; }
    old_checks() {
      n=1 last=$belay_checks
      [ "$belay_fallback_checks_same" = true ] || last=$belay_fallback_checks
      while [ "$n" -le "$last" ]; do printf '%s ' "$n"; n=$((n + 1)); done
    }

    """

  /// The plan that the host writes with the words of the generic document for what only a host knows.
  private func written(_ release: Release, by shell: [String], before: String = "") async throws -> String {
    let belay = try #require(release.belay)
    return try await withScratch { scratch in
      let transaction = scratch + "/TRANSACTION"
      try Scratch.write("a package", to: transaction + "/wayback/PREVIOUS.deb")
      var text = "set -eu\n" + (try HostHeader.render(release, belay)) + Self.surroundings
      text += "state='\(HostPaths(package: release.control.name).state)' old_version=OLD tx='\(transaction)'\n\(before)"
      for piece in Self.pieces { text += try #require(Templates.text(named: piece)) }
      text += "\nwrite_plan_b \"$tx/plan-b.txt\" || { echo \"$reason\" >&2; exit 1; }\n"
      try Scratch.write(text, to: scratch + "/program")
      _ = try await Tool(shell[0], shell.dropFirst() + [scratch + "/program"]).run()
      let sum = try await Tool("sha256sum", [transaction + "/wayback/PREVIOUS.deb"]).run().outputText.prefix(64)
      return try String(contentsOfFile: transaction + "/plan-b.txt", encoding: .utf8)
        .replacing(scratch, with: HostPaths(package: release.control.name).state + "/transactions")
        .replacing(sum, with: "SHA256")
    }
  }

  @Test(arguments: ["full", "least"], HostHeaderTests.shells)
  func theHostWritesTheSamePlanB(name: String, shell: [String]) async throws {
    let release = try #require(PlanSamples.named[name])
    #expect(difference(try await written(release, by: shell), try Plans.documents(release).planB) == nil)
  }

  @Test func hostileValuesAreQuotedAlikeAndStayOnTheirLines() async throws {
    for value in HostHeaderTests.hostile where !value.utf8.contains(0) {
      var release = PlanSamples.least
      var belay = try #require(release.belay)
      belay.contacts = [value.replacing("\n", with: " ")]
      belay.fallback.before = [value]
      belay.steps = [Step(name: value, run: "true", undo: .command(value), user: "daemon")]
      belay.checks = [Check(name: value, kind: .run(value, user: nil))]
      release.belay = belay
      let document = try Plans.documents(release).planB
      #expect(difference(try await written(release, by: ["dash"]), document) == nil)
      for line in document.split(separator: "\n") {
        #expect(line.hasPrefix("    ") || line == "#" || line.hasPrefix("# "))
        #expect(!line.unicodeScalars.contains(where: Visible.isHidden))
      }
      let words = try await Tool("bash", ["-c", "printf '%s' " + ShellWord.quoted(value)]).run().output
      #expect(words == Array(value.utf8))
    }
  }

  /// Another person's editor may wrap or cut: what is left has to be a whole script still.
  @Test(arguments: ["full", "least"])
  func thePlanBIsAScriptThatShellcheckReads(name: String) async throws {
    let document = try Plans.documents(try #require(PlanSamples.named[name])).planB
    _ = try await Tool("bash", ["-n"], input: Array(document.utf8)).run()
    // SC2163: what is exported is a whole assignment. SC2164: a failed cd ends bash -e.
    let result = try await Tool(
      "shellcheck", ["--shell=bash", "--severity=warning", "--exclude=SC2163,SC2164", "-"], input: Array(document.utf8)
    ).run(accepting: nil)
    #expect(result.exitCode == 0, "\(result.outputText)")
  }

  /// The first line in which they differ; nil: none.
  private func difference(_ one: String, _ other: String) -> String? {
    let (one, other) = (
      one.split(separator: "\n", omittingEmptySubsequences: false),
      other.split(separator: "\n", omittingEmptySubsequences: false)
    )
    for index in 0..<max(one.count, other.count) {
      let (left, right) = (index < one.count ? one[index] : "(end)", index < other.count ? other[index] : "(end)")
      if left != right { return "line \(index + 1): '\(left.prefix(300))' and '\(right.prefix(300))'" }
    }
    return nil
  }
}
