import Foundation
import Glibc

/// One path, as it was in the layers below and as it is now.
struct Change: Sendable, Equatable {
  var before: FileState
  var now: FileState
}

/// What a host changed in its file system: the overlay's upper directory, without what is as it was.
struct Changes: Sendable, Equatable {
  /// By path in the host.
  private(set) var files: [String: Change] = [:]

  init() {}

  /// - Parameter merged: the host's own root directory.
  /// - Parameter layers: what the host was laid over, the uppermost first.
  /// - Parameter mount: where `upper` is mounted in the host; empty: at the top.
  init(upper: String, merged: String, layers: [String], mount: String = "", noise: Noise) {
    var walk = Walk(merged: merged, layers: layers, noise: noise)
    walk.visit(mount, in: upper)
    files = walk.files
  }

  mutating func merge(_ other: Changes) { files.merge(other.files) { _, new in new } }

  subscript(path: String) -> Change? { files[path] }
}

private struct Walk {
  let merged: String
  let layers: [String]
  let noise: Noise
  var files: [String: Change] = [:]

  mutating func visit(_ path: String, in directory: String) {
    // A directory that vanishes meanwhile has nothing to say.
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: directory) else { return }
    for name in names {
      let inside = "\(path)/\(name)"
      if noise.covers(inside) { continue }
      look(at: inside, outside: "\(directory)/\(name)")
    }
    // A directory that was made anew hides what is below it.
    for name in lowerNames(of: path).subtracting(Self.names(in: merged + path)) where !noise.covers("\(path)/\(name)") {
      let before = lower("\(path)/\(name)")
      if before.kind != .absent { gone("\(path)/\(name)", before) }
    }
  }

  private mutating func look(at path: String, outside: String) {
    let now = FileState(of: outside, keepsText: noise.isWritten(path))
    let before = lower(path)
    // A directory above what changed is copied up unchanged.
    if now != before { files[path] = Change(before: before, now: now) }
    if now.kind == .directory { visit(path, in: outside) }
    if now.kind == .absent, before.kind == .directory { gone(path, before) }
  }

  /// A deleted directory is one mark; what was in it is gone as well.
  private mutating func gone(_ path: String, _ before: FileState) {
    files[path] = Change(before: before, now: .absent)
    guard before.kind == .directory else { return }
    for name in lowerNames(of: path) where !noise.covers("\(path)/\(name)") {
      let before = lower("\(path)/\(name)")
      if before.kind != .absent { gone("\(path)/\(name)", before) }
    }
  }

  private func lower(_ path: String) -> FileState {
    for layer in layers {
      var status = stat()
      guard lstat(layer + path, &status) == 0 else { continue }
      return FileState(of: layer + path, keepsText: noise.isWritten(path))
    }
    return .absent
  }

  private func lowerNames(of path: String) -> Set<String> {
    layers.reduce(into: []) { $0.formUnion(Self.names(in: $1 + path)) }
  }

  private static func names(in directory: String) -> Set<String> {
    Set((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? [])
  }
}
