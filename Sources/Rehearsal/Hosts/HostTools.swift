import ExternalTools
import Foundation
import Templates

/// The scripts that make throw-away hosts, written out of this binary, and where they work.
public struct HostTools: Sendable {
  /// Bases and seeds, kept over runs.
  public let cache: String
  /// The hosts of all runs on this machine; `sweep` removes those whose run is gone.
  public let hosts: String
  private let directory: String
  private let environment: [String: String]

  /// - Parameter hasNetwork: false: the hosts have a loopback of their own and nothing else.
  public init(cache: String, hasNetwork: Bool = false) throws(RehearsalError) {
    self.cache = cache
    var environment = ProcessInfo.processInfo.environment
    hosts = environment["BELAY_HOSTS"] ?? cache + "/hosts"
    environment["BELAY_CACHE"] = cache
    environment["BELAY_HOSTS"] = hosts
    environment["BELAY_OWNER"] = "\(ProcessInfo.processInfo.processIdentifier)"
    environment["BELAY_NETWORK"] = hasNetwork ? "yes" : nil
    self.environment = environment
    Self.forgetEnded(in: cache)
    directory = "\(cache)/tools-\(ProcessInfo.processInfo.processIdentifier)"
    for tool in Templates.hostTools { try Self.write(tool.bytes, to: "\(directory)/\(tool.name)", mode: 0o755) }
  }

  /// A run that was killed leaves its scripts.
  private static func forgetEnded(in cache: String) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: cache)) ?? [] where name.hasPrefix("tools-") {
      let process = name.dropFirst("tools-".count)
      if !FileManager.default.fileExists(atPath: "/proc/\(process)") {
        try? FileManager.default.removeItem(atPath: "\(cache)/\(name)")
      }
    }
  }

  /// The directory that every host of this run sees as `/srv/repo`.
  public var repository: String { directory + "/repo" }

  public func remove() { try? FileManager.default.removeItem(atPath: directory) }

  @discardableResult
  func call(
    _ script: String, _ arguments: [String], timeout: Duration = .seconds(60), accepting codes: Set<Int32>? = [0],
    onOutput: (@Sendable (Tool.Stream, [UInt8]) -> Void)? = nil
  ) async throws(RehearsalError) -> Tool.Result {
    do {
      return try await Tool("\(directory)/\(script).sh", arguments, environment: environment, timeout: timeout)
        .run(accepting: codes, onOutput: onOutput)
    } catch {
      throw .tool(error)
    }
  }

  static func write(_ bytes: [UInt8], to path: String, mode: Int = 0o644) throws(RehearsalError) {
    do {
      let url = URL(fileURLWithPath: path)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: url)
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    } catch {
      throw .file(path: path, reason: error.localizedDescription)
    }
  }
}

extension HostTools {
  /// The text of a script that runs inside a host.
  static func insideTool(_ name: String) -> String? {
    Templates.insideTools.first { $0.name == name }.map { String(decoding: $0.bytes, as: UTF8.self) }
  }
}
