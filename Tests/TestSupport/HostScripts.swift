import ExternalTools
import Foundation
import Testing

/// The scripts of `templates/host`, called with this process as the owner of every host.
enum HostScripts {
  @discardableResult
  static func call(
    _ script: String, _ arguments: [String], in folder: String = Host.Kind.namespaces.rawValue,
    timeout: Duration = .seconds(120), input: [UInt8] = [],
    accepting codes: Set<Int32>? = [0]
  ) async throws -> Tool.Result {
    var environment = ProcessInfo.processInfo.environment
    environment["BELAY_OWNER"] = "\(ProcessInfo.processInfo.processIdentifier)"
    return try await Tool(
      "\(Checkout.directory)/\(folder)/\(script).sh", arguments, input: input, environment: environment,
      timeout: timeout
    ).run(accepting: codes)
  }

  /// The unpacked base of this name, made once.
  static func base(_ base: Host.Base) async throws -> String { try await bases.directory(of: base) }

  private static let bases = Bases()

  private actor Bases {
    private var made: [Host.Base: Task<String, any Error>] = [:]

    func directory(of base: Host.Base) async throws -> String {
      let task =
        made[base]
        ?? Task {
          try await HostScripts.call("sweep", [])
          let maker = base.maker
          let output = try await HostScripts.call(maker.script, maker.arguments, timeout: .seconds(900)).outputText
          return output.trimmingCharacters(in: .newlines)
        }
      made[base] = task
      return try await task.value
    }
  }
}

extension Host {
  /// The unpacked Debian that its hosts are laid over, for tools that make a chroot of their own.
  public static func directory(of base: Base) async throws -> String { try await HostScripts.base(base) }
}

extension Trait where Self == ConditionTrait {
  /// For tests that need a throw-away host; on a machine that cannot have one they are skipped, in CI they fail.
  public static var needsHost: Self {
    .enabled("a throw-away host needs root and the right to make namespaces") {
      if ProcessInfo.processInfo.environment["CI"] != nil { return true }
      guard getuid() == 0 else { return false }
      return (try? await Tool("unshare", ["--mount", "--pid", "--net", "--fork", "true"]).run()) != nil
    }
  }
}
