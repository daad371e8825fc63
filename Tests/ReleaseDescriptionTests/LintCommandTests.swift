import ExternalTools
import Foundation
import ReleaseDescription
import TestSupport
import Testing

/// The command itself: what goes where, and how it ends.
@Suite struct LintCommandTests {
  private static func lint(_ arguments: [String], in directory: String) async throws -> Tool.Result {
    let tool = Tool(Checkout.belay, ["lint"] + arguments, directory: directory, timeout: .seconds(120))
    return try await tool.run(accepting: nil)
  }

  private static let good =
    Description.head.replacing("arch: amd64", with: "arch: all") + "checks: [{name: a, tcp: \"a:1\"}]\n"

  @Test func aGoodDescriptionIsSilentOnStandardOutput() async throws {
    try await withScratch { directory in
      try Scratch.write(Self.good, to: directory + "/release.yaml")
      let result = try await Self.lint([], in: directory)
      #expect(result.exitCode == 0)
      #expect(result.outputText == "")
      #expect(result.errorText == "0 errors · protected: 0 dumps, 0 paths\n")
      #expect(try await Self.lint(["--quiet"], in: directory).errorText == "")
      // Nothing is written.
      #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["release.yaml"])
    }
  }

  @Test func findingsAreTheResult() async throws {
    try await withScratch { directory in
      try Scratch.write(Self.good.replacing("name: shop", with: "name: S"), to: directory + "/nfpm.yaml")
      let result = try await Self.lint([], in: directory)
      #expect(result.exitCode == 1)
      #expect(result.outputText.hasPrefix("nfpm.yaml:1:7: error: 'S' is not a package name\n"))
      #expect(result.errorText == "1 error · protected: 0 dumps, 0 paths\n")
      // The first of the two default names wins.
      try Scratch.write(Self.good, to: directory + "/release.yaml")
      #expect(try await Self.lint([], in: directory).exitCode == 0)
      #expect(try await Self.lint(["-f", "nfpm.yaml"], in: directory).exitCode == 1)
    }
  }

  @Test func jsonIsForPrograms() async throws {
    try await withScratch { directory in
      try Scratch.write(Self.good.replacing("name: shop", with: "name: S"), to: directory + "/release.yaml")
      let result = try await Self.lint(["--json"], in: directory)
      let findings = try JSONDecoder().decode([Finding].self, from: Data(result.output))
      #expect(findings.map(\.line) == [1] && findings.map(\.severity) == [.error])
      try Scratch.write(Self.good, to: directory + "/release.yaml")
      #expect(try await Self.lint(["--json"], in: directory).outputText.filter { !$0.isWhitespace } == "[]")
    }
  }

  @Test func whatCannotBeReadAndWhatIsMistypedAreTold() async throws {
    try await withScratch { directory in
      let missing = try await Self.lint(["-f", "no/such.yaml"], in: directory)
      #expect(missing.exitCode == 74)
      #expect(missing.outputText == "" && missing.errorText == "belay: error: 'no/such.yaml' cannot be read\n")
      #expect(try await Self.lint(["-f", "."], in: directory).exitCode == 74)
      #expect(try await Self.lint([], in: directory).exitCode == 74)
      #expect(try await Self.lint(["--jsn"], in: directory).exitCode == 64)
    }
  }
}
