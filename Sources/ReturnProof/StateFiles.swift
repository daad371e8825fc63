import Apt
import Foundation

/// The files of a root that an answer depends on: hashed, and copied if wanted, in one go.
struct StateFiles {
  /// One for the same files with the same contents, read by the same libapt-pkg.
  private(set) var key = ""
  /// Configuration that was left out, in words.
  private(set) var notes: [String] = []

  static let status = "var/lib/dpkg/status"
  static let architectures = "var/lib/dpkg/arch"
  /// With the most that one file may have.
  private static let files = [
    (status, 64 << 20), (architectures, 1 << 20), ("var/lib/apt/extended_states", 64 << 20),
    ("etc/apt/apt.conf", 1 << 20), ("etc/apt/sources.list", 1 << 20), ("etc/apt/preferences", 1 << 20),
  ]
  private static let directories = [
    ("etc/apt/apt.conf.d", 1 << 20), ("etc/apt/sources.list.d", 1 << 20), ("etc/apt/preferences.d", 1 << 20),
    ("var/lib/apt/lists", 512 << 20),
  ]
  private static let totalLimit = 2 << 30

  private let root: RootDirectory
  private let name: String
  private let target: String?

  /// - Parameter target: an empty directory; nil: nothing is copied.
  init(of root: RootDirectory, named name: String, copyingTo target: String? = nil) throws(ProofError) {
    self.root = root
    self.name = name
    self.target = target

    var lines = "belay can-return 1, libapt-pkg \(AptCache.version)\n"
    var left = Self.totalLimit
    var notes: [String] = []
    for (path, limit) in try all() {
      if let why = try leavesOut(path, limit: limit) {
        notes.append("'\(path)' \(why): it was left out")
        continue
      }
      guard let (digest, size) = try take(path, limit: min(limit, left)) else { continue }
      left -= size
      lines += "\(digest) \(path)\n"
    }
    self.notes = notes
    do {
      key = try Digester.digest(.sha256, of: Array(lines.utf8))
    } catch {
      throw ProofError("\(error)", kind: .couldNot)
    }
  }

  private func all() throws(ProofError) -> [(path: String, limit: Int)] {
    var all = Self.files
    for (directory, limit) in Self.directories {
      do {
        all += try root.names(in: directory).filter { Self.isWanted($0, in: directory) }
          .map { ("\(directory)/\($0)", limit) }
      } catch {
        throw ProofError("cannot read '\(name)/\(directory)': \(error)")
      }
    }
    return all
  }

  private static func isWanted(_ file: String, in directory: String) -> Bool {
    // Directories and what others put there are no configuration to apt either.
    guard directory.hasSuffix("/lists") else { return !file.hasPrefix(".") }
    return file.hasSuffix("Release") || file.contains("_Packages")
  }

  private func leavesOut(_ path: String, limit: Int) throws(ProofError) -> String? {
    guard path.hasPrefix("etc/") else { return nil }
    do {
      let bytes = try root.read(path, limit: limit) ?? []
      // An include is read from wherever it says.
      guard path.hasPrefix("etc/apt/apt.conf") else { return nil }
      let includes = String(decoding: bytes, as: UTF8.self).firstMatch(of: /#\s*include/.ignoresCase()) != nil
      return includes ? "includes other files" : nil
    } catch {
      if error.code == EINVAL, path.contains(".d/") { return "is no regular file" }
      throw ProofError("cannot read '\(name)/\(path)': \(error)")
    }
  }

  /// - Returns: nil: there is no such file.
  private func take(_ path: String, limit: Int) throws(ProofError) -> (digest: String, size: Int)? {
    do {
      let digester = try Digester(.sha256)
      let copy = try target.map { try FileCopy("\($0)/\(path)") }
      var failure: (any Error)?
      var size = 0
      let isThere = try root.stream(path, limit: limit) { piece in
        size += piece.count
        do {
          try digester.update(piece.bytes)
          try copy?.write(piece)
        } catch { failure = error }
        return failure == nil
      }
      if let failure { throw failure }
      if !isThere { copy?.remove() }
      return isThere ? (try digester.finish(), size) : nil
    } catch let error as RootDirectory.Errno {
      throw ProofError("cannot read '\(name)/\(path)': \(error)")
    } catch {
      throw ProofError("\(error)", kind: .couldNot)
    }
  }
}

/// A file of ours that is being written.
private final class FileCopy {
  private let path: String
  private let file: FileHandle

  init(_ path: String) throws {
    self.path = path
    let url = URL(fileURLWithPath: path)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true,
      attributes: [.posixPermissions: 0o700])
    try Data().write(to: url)
    file = try FileHandle(forWritingTo: url)
  }

  deinit { try? file.close() }

  func write(_ bytes: UnsafeRawBufferPointer) throws { try file.write(contentsOf: bytes) }

  func remove() { try? FileManager.default.removeItem(atPath: path) }
}
