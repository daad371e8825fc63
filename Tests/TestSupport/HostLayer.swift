import ExternalTools
import Foundation

/// What one host was brought to, for many hosts to start from: quicker than bringing each of them there.
public struct HostLayer: Sendable {
  /// What the host wrote, and the base below it, as `create.sh` takes them.
  let stack: String
  /// Its apt repository.
  let repository: String
}

extension Host {
  /// Brings a booted host to where tests start, and keeps it; the caller does this once for all of them.
  public static func layer(_ base: Base = .minimal, _ prepare: (Host) async throws -> Void) async throws -> HostLayer {
    let directory = try Scratch.make()
    let layer = directory + "/layer"
    let repository = directory + "/repo"
    try await booted(base) { host in
      try await prepare(host)
      try await HostScripts.call("seal", [host.name, layer])
      try FileManager.default.copyItem(atPath: host.directory + "/repo", toPath: repository)
    }
    return HostLayer(stack: "\(layer):\(try await HostScripts.base(base))", repository: repository)
  }

  /// A host with systemd up and running that starts as the layer's host was left.
  ///
  /// - Parameter size: the room on its disk.
  /// - Parameter powerCuts: true: its disk can lose power (`powerCut`) and be full (`fill`).
  /// - Parameter kind: a machine cannot be filled, crashed or sealed.
  public static func booted(
    on layer: HostLayer, load: HostLoad = .waiting, size: String = "2G", powerCuts: Bool = false,
    kind: Kind = .namespaces, _ body: (Host) async throws -> Void
  ) async throws {
    try await with(layer.stack, ["--repo", layer.repository], .systemd, load, size, powerCuts, kind: kind, body)
  }

  /// Takes all room, to the last block, until `free`. Needs `powerCuts: true`.
  public func fill() async throws { try await HostScripts.call("fill", [name, "blocks"]) }

  /// Gives back what `fill` took.
  public func free() async throws { try await HostScripts.call("fill", [name, "free"]) }
}
