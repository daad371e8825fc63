import ExternalTools
import Foundation

/// The flat apt repository that a host sees as `/srv/repo`, its only source.
public struct HostRepository: Sendable {
  let host: Host

  /// Adds packages to it; the host learns of them with `apt-get update`, which this runs.
  public func add(_ debs: String...) async throws { try await add(debs) }

  /// Adds packages to it; the host learns of them with `apt-get update`, which this runs.
  public func add(_ debs: [String]) async throws {
    try await HostScripts.call("publish", [host.name] + debs)
    try await update()
  }

  /// Takes away what matches the file name pattern, as an archive does that keeps only the newest.
  public func remove(_ pattern: String) async throws {
    let directory = host.directory + "/repo"
    for file in try FileManager.default.contentsOfDirectory(atPath: directory)
    where file.hasSuffix(".deb") && fnmatch(pattern, file, 0) == 0 {
      try FileManager.default.removeItem(atPath: directory + "/" + file)
    }
    try await add([])
  }

  /// Makes the packages of a directory and their index (`writeIndex`) its content: quicker than `add` for many hosts.
  public func copy(_ directory: String) async throws {
    try host.bringAll(from: directory)
    try await update()
  }

  /// Writes the index of a directory of packages.
  public static func writeIndex(in directory: String) async throws {
    let index = try await Tool("dpkg-scanpackages", ["--multiversion", "."], directory: directory).run()
    try Scratch.write(index.outputText, to: directory + "/Packages")
  }

  private func update() async throws { try await host.succeed("apt-get -q update") }
}

extension Host {
  /// Its apt repository.
  public var repository: HostRepository { HostRepository(host: self) }

  /// Copies a file of ours to `/srv/repo`, outside the index.
  ///
  /// - Returns: its path in the host.
  public func bring(_ file: String) throws -> String {
    let name = URL(fileURLWithPath: file).lastPathComponent
    let target = directory + "/repo/" + name
    if FileManager.default.fileExists(atPath: target) { try FileManager.default.removeItem(atPath: target) }
    try FileManager.default.copyItem(atPath: file, toPath: target)
    return "/srv/repo/" + name
  }

  /// Copies all packages of a directory to `/srv/repo`, and its index if it has one.
  public func bringAll(from directory: String) throws {
    for file in try FileManager.default.contentsOfDirectory(atPath: directory)
    where file.hasSuffix(".deb") || file == "Packages" {
      _ = try bring(directory + "/" + file)
    }
  }

  /// Copies what is in a directory, all of it, to `/srv/repo`.
  public func bringTree(from tree: String) throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: tree) { _ = try bring(tree + "/" + name) }
  }

  /// Copies a file of ours to a path in the host, where it can be changed.
  public func bring(_ file: String, to path: String) async throws {
    let copy = "\(directory)/repo/\(UUID().uuidString)"
    try FileManager.default.copyItem(atPath: file, toPath: copy)
    try await succeed(
      #"mkdir -p "$(dirname "$path")" && cp "/srv/repo/$name" "$path""#,
      environment: ["name": URL(fileURLWithPath: copy).lastPathComponent, "path": path])
    try FileManager.default.removeItem(atPath: copy)
  }
}
