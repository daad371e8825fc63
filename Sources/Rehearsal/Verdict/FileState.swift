import Apt
import Foundation
import Glibc

/// All that two files are compared by. Times are not among it: nothing that matters reads them.
struct FileState: Sendable, Equatable {
  enum Kind: String, Sendable { case file, directory, symlink, other, absent }

  var kind: Kind
  var mode: UInt32 = 0
  var owner: UInt32 = 0
  var group: UInt32 = 0
  var size: Int = 0
  /// SHA-256 of a file, the target of a link.
  var content = ""
  /// The lines of a small text file; nil: it is none, or nobody asked.
  var lines: [String]?

  static let absent = FileState(kind: .absent)

  /// - Parameter keepsText: the lines are wanted.
  init(of path: String, keepsText: Bool = false) {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      self = .absent
      return
    }
    self.init(path, status, keepsText: keepsText)
  }

  private init(kind: Kind) { self.kind = kind }

  private init(_ path: String, _ status: stat, keepsText: Bool) {
    mode = status.st_mode & 0o7777
    owner = status.st_uid
    group = status.st_gid
    switch status.st_mode & S_IFMT {
    case S_IFREG:
      kind = .file
      size = Int(status.st_size)
      readContent(path, keepsText)
    case S_IFDIR: kind = .directory
    case S_IFLNK:
      kind = .symlink
      content = (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) ?? ""
    // overlayfs' mark of what was deleted.
    case S_IFCHR where status.st_rdev == 0: self = .absent
    default: kind = .other
    }
  }

  private mutating func readContent(_ path: String, _ keepsText: Bool) {
    // What nobody can hold in memory is compared by its size.
    guard size <= 256 << 20, let data = FileManager.default.contents(atPath: path) else { return }
    content = (try? Digester.digest(.sha256, of: Array(data))) ?? ""
    guard keepsText, size <= 4 << 20, !data.contains(0), let text = String(data: data, encoding: .utf8) else { return }
    lines = text.split(separator: "\n").map(String.init)
  }

  /// A phrase for people.
  var phrase: String {
    switch kind {
    case .absent: "not there"
    case .file:
      "a file of \(size) bytes, mode \(String(mode, radix: 8)), \(owner):\(group), sha256 \(content.prefix(12))"
    case .directory: "a directory, mode \(String(mode, radix: 8)), \(owner):\(group)"
    case .symlink: "a link to \(content)"
    case .other: "a special file"
    }
  }
}
