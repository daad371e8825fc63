import ExternalTools
import Foundation

/// `shop`: a small real service that tests release, well or badly.
///
/// It answers on port 8080: `/version`, `/healthz`, and `/entries` (GET all, POST one, kept in /var/lib/shop/entries and
/// synced). Its conffile is /etc/shop/shop.conf, its unit shop.service.
public struct TestRelease: Sendable {
  /// What this version does when it is started.
  public enum Behaviour: Sendable, Equatable {
    case works
    /// It starts and answers every question with 500.
    case answers500
    /// It ends at once with exit code 1.
    case refusesToStart
    /// It works, then ends with exit code 1.
    case dies(afterSeconds: Int)

    var word: String {
      switch self {
      case .works: return "works"
      case .answers500: return "answers-500"
      case .refusesToStart: return "refuses-to-start"
      case .dies(let seconds): return "dies-after \(seconds)"
      }
    }
  }

  public var name: String
  public var version: String
  public var behaviour: Behaviour
  /// The release description from `services` on: everything that is belay's own.
  public var belay: String
  /// More of nFPM's keys, for instance `"depends: [libshop2]"`.
  public var packaging: String
  /// Path in the host and text, beside the service's own files; those in /etc are conffiles.
  public var files: [String: String]
  /// Path beside release.yaml and text: scripts that it names and does not ship.
  public var sources: [String: String] = [:]
  /// The text of /etc/shop/shop.conf.
  public var configuration: String
  /// Where it answers; with another `name`, another port makes a second service beside the first.
  public var port: Int

  public init(
    _ version: String, _ behaviour: Behaviour = .works, name: String = "shop", belay: String = Self.plainBelay,
    packaging: String = "", files: [String: String] = [:], configuration: String = "port=8080\n", port: Int = 8080
  ) {
    self.name = name
    self.version = version
    self.behaviour = behaviour
    self.belay = belay
    self.packaging = packaging
    self.files = files
    self.configuration = configuration
    self.port = port
  }

  /// One service, its configuration and data in the snapshot, one check.
  public static let plainBelay = """
    services:
      - {unit: shop.service, enable: true, on_upgrade: restart}
    snapshot:
      paths:
        - {path: /etc/shop, restore_when: always}
        - {path: /var/lib/shop, restore_when: unopened}
      reserve: 16M
    \(plainChecks)
    """

  /// The one check of `plainBelay`: quick, because tests wait for it.
  public static let plainChecks = """
    checks:
      - name: answers
        http: http://127.0.0.1:8080/healthz
        expect: {status: [200]}
        interval: 100ms
        timeout: 2s
        retries: 3
        successes: 1
      - {name: runs, unit: shop.service, for: 300ms}
    """

  /// What belay said instead of building it.
  public struct NotBuilt: Error {
    public var messages: String
  }

  /// Builds it with the `belay` that was built together with the tests.
  ///
  /// - Returns: the path of the .deb, in `directory`.
  @discardableResult
  public func build(in directory: String) async throws -> String {
    let sources = "\(directory)/\(name)-\(version)-\(UUID().uuidString)"
    defer { Scratch.remove(sources) }
    try write(to: sources)
    let result = try await Tool(
      Checkout.belay, ["build", "-f", "release.yaml", "-t", directory], directory: sources, timeout: .seconds(120)
    ).run(accepting: nil)
    guard result.exitCode == 0 else { throw NotBuilt(messages: result.errorText + result.outputText) }
    return result.outputText.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Writes release.yaml and the sources that it names, for tests of other commands.
  public func write(to directory: String) throws {
    var contents = ""
    for (path, text) in sources { try Scratch.write(renamed(text), to: "\(directory)/\(path)", mode: 0o755) }
    for (path, text) in payload.sorted(by: { $0.key < $1.key }) {
      try Scratch.write(text, to: directory + path)
      let mode = text.hasPrefix("#!") ? "0755" : "0644"
      let type = path.hasPrefix("/etc/") ? ", type: config" : ""
      contents += "  - {src: \".\(path)\", dst: \"\(path)\"\(type), file_info: {mode: \(mode)}}\n"
    }
    let yaml = """
      name: \(name)
      version: "\(version)"
      version_schema: none
      arch: all
      maintainer: Test <test@example.org>
      description: a shop for tests
      \(packaging)
      contents:
      \(contents)\(renamed(belay))

      """
    try Scratch.write(yaml, to: directory + "/release.yaml")
  }

  /// The same service as a package without belay, with the scripts debhelper would give it.
  public var foreign: ForeignPackage {
    var package = ForeignPackage(
      name, version, files: payload, scripts: ShopService.debhelperScripts.mapValues(renamed))
    package.executables = [renamed(ShopService.serverPath)]
    package.conffiles = payload.keys.filter { $0.hasPrefix("/etc/") }.sorted()
    return package
  }

  private var payload: [String: String] {
    // What a test gives stands in the place of what is usual.
    var payload: [String: String] = [:]
    for (path, text) in [
      "/usr/lib/shop/server": ShopService.server, "/usr/lib/shop/version": version + "\n",
      "/usr/lib/shop/behaviour": behaviour.word + "\n", "/lib/systemd/system/shop.service": ShopService.unit,
      "/etc/shop/shop.conf": configuration,
    ] { payload[renamed(path)] = renamed(text) }
    return payload.merging(files) { $1 }
  }

  /// What is said of `shop` and its port, of this package.
  private func renamed(_ text: String) -> String {
    text.replacingOccurrences(of: "shop", with: name).replacingOccurrences(of: "8080", with: "\(port)")
  }
}
