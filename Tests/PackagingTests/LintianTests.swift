import ExternalTools
import ReleaseDescription
import Testing

@testable import Packaging

/// What a release with nothing but belay's own additions looks like to Debian's own checker.
@Suite struct LintianTests {
  @Test(arguments: [Compression(.zstd, level: 3), Compression(.xz, level: 0)])
  func nothingOfBelaysIsAFault(_ compression: Compression) async throws {
    let fixture = try Fixture()
    var belay = Belay()
    belay.checks = [Check(name: "port", kind: .tcp(address: "127.0.0.1:80"))]
    let changelog =
      "shop (1.0) stable; urgency=low\n\n  * Sells.\n\n -- R <r@example.com>  Mon, 23 Nov 2026 00:00:00 +0000\n"
    let contents = [
      Content(
        kind: .text(Array("Copyright 2026 R\nLicense: CC0\n".utf8)), destination: "/usr/share/doc/shop/copyright",
        mode: 0o644),
      Content(
        kind: .text(try Gzip.compressed(changelog)), destination: "/usr/share/doc/shop/changelog.gz", mode: 0o644),
    ]
    let release = Fixture.release(contents, belay: belay, compression: compression) { release in
      release.control.version = "1.0"
      release.control.architecture = "all"
      release.control.section = "web"
      release.control.description = "small shop with a way back\nIt sells things, and comes back when it does not."
    }
    let package = try fixture.build(release, as: "shop_1.0_all.deb")
    let result = try await Tool(
      "lintian", ["--no-cfg", "--fail-on", "error,warning", package], timeout: .seconds(240)
    ).run(accepting: nil)
    #expect(result.exitCode == 0, "\(result.outputText)\(result.errorText)")
  }
}
