import ExternalTools
import Foundation
import TestSupport
import Testing

/// What shells and shellcheck say of our scripts.
@Suite struct ShellRules {
  @Test func hostScriptsAreClean() async throws {
    let scripts = Checkout.files().filter { $0.hasPrefix("templates/host/") && $0.hasSuffix(".sh") }
    #expect(!scripts.isEmpty)
    let result = try await Tool(
      "shellcheck", ["--external-sources", "--source-path=SCRIPTDIR"] + scripts, directory: Checkout.directory
    ).run(accepting: nil)
    #expect(result.exitCode == 0, "\(result.outputText)")
  }

  /// The four scripts of a package as dpkg gets them, not the pieces: only together they are a program.
  @Test func assembledScriptsAreClean() async throws {
    try await withScratch { directory in
      let deb = try await TestRelease("1.0").build(in: directory)
      _ = try await Tool("dpkg-deb", ["--control", deb, directory + "/control"]).run()
      for script in ["preinst", "postinst", "prerm", "postrm"] {
        let path = directory + "/control/" + script
        for judge in Self.judges {
          let result = try await Tool(judge[0], judge.dropFirst() + [path], timeout: .seconds(120)).run(accepting: nil)
          #expect(result.exitCode == 0, "\(judge[0]) on \(script): \(result.outputText)\(result.errorText)")
        }
      }
    }
  }

  private static let judges = [
    ["shellcheck", "--shell=sh"], ["dash", "-n"], ["busybox", "sh", "-n"], ["bash", "--posix", "-n"],
  ]
}
