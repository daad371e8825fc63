import Glibc

/// What the reader wants to know of files, without following a symlink unless asked to.
enum FileSystem {
  struct Status: Equatable {
    enum Kind { case regular, directory, symlink, special }
    var kind: Kind
    var permissions: UInt32
    var size: Int
  }

  static func status(_ path: String, followingSymlinks: Bool) -> Status? {
    var raw = stat()
    guard (followingSymlinks ? stat(path, &raw) : lstat(path, &raw)) == 0 else { return nil }
    let kind: Status.Kind
    switch raw.st_mode & S_IFMT {
    case S_IFREG: kind = .regular
    case S_IFDIR: kind = .directory
    case S_IFLNK: kind = .symlink
    default: kind = .special
    }
    return Status(kind: kind, permissions: UInt32(raw.st_mode & 0o7777), size: Int(raw.st_size))
  }

  /// The names in a directory, sorted by bytes; nil: it cannot be read. A name that is not UTF-8 holds U+FFFD.
  static func names(in directory: String) -> [String]? {
    guard let stream = opendir(directory) else { return nil }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Where a symlink points to, as it is written.
  static func target(of symlink: String) -> String? {
    var buffer = [UInt8](repeating: 0, count: 4_096)
    let count = buffer.withUnsafeMutableBytes { bytes in
      bytes.bindMemory(to: CChar.self).baseAddress.map { readlink(symlink, $0, bytes.count) } ?? -1
    }
    return count > 0 && count < buffer.count ? String(validating: buffer.prefix(count), as: UTF8.self) : nil
  }

  /// The path without any symlink in it.
  static func realPath(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// At most `limit` bytes; nil: it cannot be read, or is longer.
  static func bytes(of path: String, limit: Int) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var result: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
      if count < 0 { return nil }
      if count == 0 { return result }
      result += buffer.prefix(count)
      if result.count > limit { return nil }
    }
  }

  static func isReadable(_ path: String) -> Bool { access(path, R_OK) == 0 }

  static func matches(_ pattern: String, _ name: String) -> Bool { fnmatch(pattern, name, 0) == 0 }
}
