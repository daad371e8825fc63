import ExternalTools
import Foundation
import TestSupport
import Testing

/// The base that a rehearsal makes by itself.
@Suite(.needsHost, .serialized) struct BaseTests {
  /// What the packages depend on goes into the base, and nothing of it into this machine.
  @Test func dependenciesAreInstalledInTheBaseAlone() async throws {
    try await withScratch { cache in
      let before = try await Tool("dpkg-query", ["-W"]).run().outputText
      let base = try await build(["--satisfy", "hello (>= 2), no-such-package | tree"], cache)
      let installed = try String(contentsOfFile: base + "/var/lib/dpkg/status", encoding: .utf8)
      for package in ["hello", "tree", "systemd-sysv"] {
        #expect(installed.contains("\nPackage: \(package)\nStatus: install ok installed\n"), "\(package)")
      }
      #expect(try await Tool("dpkg-query", ["-W"]).run().outputText == before)
      // Found again, and not by another's inputs.
      #expect(try await build(["--satisfy", "hello (>= 2), no-such-package | tree"], cache) == base)
    }
  }

  @Test func aTarArchiveIsUnpackedOnce() async throws {
    try await withScratch { cache in
      try Scratch.write("ID=debian\n", to: cache + "/tree/etc/os-release")
      _ = try await Tool("tar", ["-C", cache + "/tree", "-cf", cache + "/base.tar", "."]).run()
      let base = try await build(["--from", cache + "/base.tar"], cache)
      #expect(FileManager.default.contents(atPath: base + "/etc/os-release") == Data("ID=debian\n".utf8))
      #expect(try await build(["--from", cache + "/base.tar"], cache) == base)
      try Scratch.write("ID=other\n", to: cache + "/tree/etc/os-release")
      _ = try await Tool("tar", ["-C", cache + "/tree", "-cf", cache + "/base.tar", ".", "."]).run()
      #expect(try await build(["--from", cache + "/base.tar"], cache) != base)
    }
  }

  private func build(_ arguments: [String], _ cache: String) async throws -> String {
    var environment = ProcessInfo.processInfo.environment
    environment["BELAY_CACHE"] = cache
    let result = try await Tool(
      Checkout.directory + "/templates/host/base.sh", ["rehearsal"] + arguments, environment: environment,
      timeout: .seconds(400)
    ).run()
    return result.outputText.trimmingCharacters(in: .newlines)
  }
}
