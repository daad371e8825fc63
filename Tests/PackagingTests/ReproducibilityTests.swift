import ExternalTools
import Foundation
import Testing
import TestSupport

/// Invariant 10: same input, same bytes, whoever builds where. Through the program, because locale, time zone, umask and
/// user belong to a process.
@Suite struct ReproducibilityTests {
  struct Variation: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var environment: [String: String] = [:]
    var prefix: [String] = []
  }

  static let variations = [
    Variation(testDescription: "the same again"),
    Variation(
      testDescription: "a Turkish locale (where there is one), far east",
      environment: ["LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "TZ": "Pacific/Kiritimati"]),
    Variation(testDescription: "no UTF-8", environment: ["LC_ALL": "C", "TZ": "America/St_Johns"]),
    Variation(testDescription: "umask 077", prefix: ["sh", "-c", "umask 077; exec \"$@\"", "sh"]),
    Variation(testDescription: "umask 000", prefix: ["sh", "-c", "umask 000; exec \"$@\"", "sh"]),
    Variation(testDescription: "one processor", prefix: ["taskset", "-c", "0"]),
    Variation(
      testDescription: "settings of other tools",
      environment: ["XZ_DEFAULTS": "-9e", "ZSTD_CLEVEL": "19", "GZIP": "-1"]),
  ]

  private static let description = """
    name: shop
    version: 1.4.0
    arch: amd64
    maintainer: Release Team <release@example.com>
    description: sells things
    contents:
      - {src: tree, dst: /opt/shop, type: tree}
      - {src: settings, dst: /etc/shop/settings}
      - {src: ../settings, dst: /opt/link, type: symlink}
    checks: [{name: port, tcp: "127.0.0.1:80"}]
    services: [{unit: other.service}]
    deb: {compression: COMPRESSION}
    """

  /// Files made in the given order, with times, modes of directories and inodes of their own.
  private func tree(_ fixture: Fixture, _ name: String, reversed: Bool, compression: String) throws -> String {
    let directory = fixture.path(name)
    let names = ["tree/b/one", "tree/a", "tree/ä", "tree/B", "tree/a-b", "tree/b/two", "settings"]
    for file in reversed ? names.reversed() : names {
      let path = URL(filePath: "\(directory)/\(file)")
      try FileManager.default.createDirectory(at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(String(repeating: "\(file)\n", count: 3_000).utf8).write(to: path)
      try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path.path)
    }
    let text = Self.description.replacing("COMPRESSION", with: compression)
    try Data(text.utf8).write(to: URL(filePath: "\(directory)/release.yaml"))
    return directory
  }

  private func build(in directory: String, _ variation: Variation, epoch: String?) async throws -> [UInt8] {
    var environment = ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent"].merging(variation.environment) { $1 }
    environment["SOURCE_DATE_EPOCH"] = epoch
    let command = variation.prefix + [Checkout.belay, "build", "-t", "out.deb"]
    _ = try await Tool(command[0], Array(command.dropFirst()), environment: environment, directory: directory).run()
    return try Array(Data(contentsOf: URL(filePath: "\(directory)/out.deb")))
  }

  @Test(arguments: ["gzip", "xz:1", "zstd:3", "none"], [nil, "1700000000"])
  func sameBytes(_ compression: String, _ epoch: String?) async throws {
    let fixture = try Fixture()
    let first = try tree(fixture, "first", reversed: false, compression: compression)
    let expected = try await build(in: first, Variation(testDescription: "first"), epoch: epoch)
    let second = try tree(fixture, "second", reversed: true, compression: compression)
    for variation in Self.variations {
      #expect(try await build(in: second, variation, epoch: epoch) == expected, "\(variation.testDescription)")
    }
  }

  @Test func anotherUser() async throws {
    guard getuid() == 0 else { return }
    let fixture = try Fixture()
    let first = try tree(fixture, "first", reversed: false, compression: "zstd:3")
    let expected = try await build(in: first, Variation(testDescription: "first"), epoch: nil)
    let second = try tree(fixture, "second", reversed: true, compression: "zstd:3")
    _ = try await run("chown", "-R", "nobody", fixture.directory)
    // The checkout may lie where nobody else can look.
    _ = try await run("install", "-m", "755", Checkout.belay, "\(second)/belay")
    let nobody = Variation(
      testDescription: "nobody",
      prefix: ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "\(second)/belay"])
    let command = nobody.prefix + ["build", "-t", "out.deb"]
    let environment = [
      "PATH": "/usr/bin:/bin", "LD_LIBRARY_PATH": ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"] ?? "",
    ]
    _ = try await Tool(command[0], Array(command.dropFirst()), environment: environment, directory: second).run()
    #expect(try Array(Data(contentsOf: URL(filePath: "\(second)/out.deb"))) == expected)
  }
}
