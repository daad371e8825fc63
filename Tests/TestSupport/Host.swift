import ExternalTools
import Foundation
import Synchronization

/// A throw-away Debian host with real dpkg and apt, and when booted a real systemd; gone when the test is.
///
/// Foundation has a type of this name too: a test imports only what it needs of it (`import struct Foundation.URL`).
///
/// A closure needs one `try await` outside `#expect`: the compiler does not look into the macro to see that it throws.
public struct Host: Sendable {
  /// What is installed before the test starts.
  public enum Base: String, Sendable {
    case minimal
    /// With a PostgreSQL cluster.
    case postgresql
    /// With what runs apt for somebody: aptitude, unattended-upgrades, PackageKit, ansible …, and what hooks into it.
    case frontends
    /// One that people log into: sshd, sudo, nftables, logind.
    case login

    /// The script of `templates/host` that makes it, and its arguments.
    var maker: (script: String, arguments: [String]) {
      switch self {
      case .minimal, .postgresql: return ("base", [rawValue])
      case .frontends: return ("base-frontends", [])
      case .login:
        return ("base", ["rehearsal", "--include", "openssh-server,openssh-client,nftables,sudo,libpam-systemd"])
      }
    }
  }

  /// What runs as its PID 1.
  enum Start: String {
    case bare, systemd
  }

  /// What it is made of.
  public enum Kind: String, Sendable {
    /// Namespaces of this machine's kernel.
    case namespaces = "templates/host"
    /// A virtual machine with Debian's own kernel, slower: the witness that namespaces do not flatter us.
    case machine = "Tests/Machine"

    /// How many times longer everything may take there: every limit on a host is given for namespaces.
    public var slowness: Int { self == .machine ? 8 : 1 }
  }

  /// Its name among the hosts of this machine.
  public let name: String
  /// Its directory outside.
  let directory: String
  let start: Start
  /// Whose scripts make it.
  let kind: Kind

  /// A host without an init: as a chroot or an image build has none.
  public static func bare(
    _ base: Base = .minimal, load: HostLoad = .busy, size: String = "2G", powerCuts: Bool = false,
    _ body: (Host) async throws -> Void
  ) async throws {
    try await with(try await HostScripts.base(base), [], .bare, load, size, powerCuts, body)
  }

  /// A host with systemd up and running.
  ///
  /// - Parameter size: the room on its disk.
  /// - Parameter powerCuts: true: its disk can lose power (`powerCut`).
  public static func booted(
    _ base: Base = .minimal, load: HostLoad = .busy, size: String = "2G", powerCuts: Bool = false,
    _ body: (Host) async throws -> Void
  ) async throws {
    try await with(try await HostScripts.base(base), [], .systemd, load, size, powerCuts, body)
  }

  private static let counter = Atomic<Int>(0)

  static func with(
    _ base: String, _ options: [String], _ start: Start, _ load: HostLoad, _ size: String, _ powerCuts: Bool,
    kind: Kind = .namespaces, _ body: (Host) async throws -> Void
  ) async throws {
    await load.limit.enter()
    do {
      let number = counter.add(1, ordering: .relaxed).newValue
      let host = Host(name: "\(ProcessInfo.processInfo.processIdentifier)-\(number)", start: start, kind: kind)
      do {
        try await host.call("create", [base, "--size", size] + options + (powerCuts ? ["--disk"] : []))
        try await host.boot()
        try await body(host)
      } catch {
        try await host.remove()
        throw error
      }
      try await host.remove()
      await load.limit.leave()
    } catch {
      await load.limit.leave()
      throw error
    }
  }

  private init(name: String, start: Start, kind: Kind) {
    let parent = ProcessInfo.processInfo.environment["BELAY_HOSTS"] ?? Checkout.directory + "/.cache/hosts"
    self.name = name
    self.directory = parent + "/" + name
    self.start = start
    self.kind = kind
  }

  /// Calls a script of its kind, with its name as the first argument.
  @discardableResult
  func call(
    _ script: String, _ arguments: [String] = [], timeout: Duration = .seconds(120), input: [UInt8] = [],
    accepting codes: Set<Int32>? = [0]
  ) async throws -> Tool.Result {
    try await HostScripts.call(
      script, [name] + arguments, in: kind.rawValue, timeout: timeout * kind.slowness, input: input, accepting: codes)
  }

  /// Also when the test was cancelled: a task of its own is not.
  private func remove() async throws {
    if ProcessInfo.processInfo.environment["BELAY_KEEP_HOSTS"] != nil { return }
    _ = try await Task { try await call("stop") }.value
  }
}
