import ExternalTools
import Foundation
import TestSupport
import Testing

/// A pair that belay had no hand in: Debian's `at`, a daemon with two conffiles, a spool and scripts, and the same rebuilt
/// with a higher version.
@Suite(.needsHost, .serialized) struct ForeignPairTests {
  private static let scenarios = [
    "control", "upgrade", "upgrade-dpkg", "reinstall", "reinstall-new", "remove", "remove-new", "purge-new",
    "downgrade",
    "next-upgrade", "unpack-killed-*", "unpack-then-configure", "lock-held", "neighbour-*", "install",
  ]

  @Test(.enabled("Debian's archive is reachable") { await Archive.isReachable() })
  func aDaemonOfDebianRehearses() async throws {
    try await withScratch { directory in
      let old = try await Archive.download("at", to: directory)
      let new = try await Archive.rebuilt(old, in: directory)
      let report = try await Rehearsed.report(of: new, from: old, Self.scenarios, in: directory)
      for result in report.scenarios { #expect(result.outcome == .passed, "\(result.name): \(result.sentence)") }
      #expect(report.new.hasWayBack == false && report.old?.hasWayBack == false)
      let names = Set(report.scenarios.map(\.name))
      let expected = [
        "control", "upgrade", "downgrade", "unpack-killed-1", "purge-new", "neighbour-fails", "lock-held",
      ]
      #expect(names.isSuperset(of: expected), "\(names)")
    }
  }
}

/// Debian's own, as this machine's apt knows it.
private enum Archive {
  /// In CI it is: the bases of the hosts come from there.
  static func isReachable() async -> Bool {
    if ProcessInfo.processInfo.environment["CI"] != nil { return true }
    return (try? await withScratch { try await download("at", to: $0) }) != nil
  }

  static func download(_ package: String, to directory: String) async throws -> String {
    _ = try await Tool(
      "apt-get", ["-q", "-o", "Acquire::Retries=0", "-o", "APT::Sandbox::User=root", "download", package],
      directory: directory, timeout: .seconds(60)
    ).run()
    let names = try FileManager.default.contentsOfDirectory(atPath: directory)
    let name = try #require(names.first { $0.hasPrefix(package + "_") && $0.hasSuffix(".deb") })
    return directory + "/" + name
  }

  /// The same package with a higher version.
  static func rebuilt(_ deb: String, in directory: String) async throws -> String {
    let tree = directory + "/tree"
    _ = try await Tool("dpkg-deb", ["--raw-extract", deb, tree]).run()
    let control = try String(contentsOfFile: tree + "/DEBIAN/control", encoding: .utf8)
    try Scratch.write(control.replacing(/(?m)^Version: .*$/) { $0.output + "+rebuilt1" }, to: tree + "/DEBIAN/control")
    let rebuilt = directory + "/rebuilt.deb"
    _ = try await Tool("dpkg-deb", ["-Znone", "--build", tree, rebuilt]).run()
    return rebuilt
  }
}
