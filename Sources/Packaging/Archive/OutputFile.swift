import Glibc

/// Gives a file its name only when it is complete.
enum OutputFile {
  /// Runs `fill` on a file that nobody sees, then puts it in the place of `path` in one step.
  static func write(
    _ path: String, fill: (borrowing OpenFile) throws(PackagingError) -> Void
  ) throws(PackagingError) {
    let directory = Self.directory(of: path)
    if let file = OpenFile.linkable(in: directory) {
      try fill(file)
      try file.synchronise()
      try publish(file, as: path)
    } else {
      try writeNamed(path, fill: fill)
    }
    // The name is not on disk before its directory is.
    let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if descriptor >= 0 {
      fsync(descriptor)
      close(descriptor)
    }
  }

  static func directory(of path: String) -> String {
    let bytes = Array(path.utf8)
    guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == 0 ? "/" : String(decoding: bytes[..<slash], as: UTF8.self)
  }

  /// linkat(2) does not replace, so an older file is replaced by a rename from a name that lives for an instant.
  private static func publish(_ file: borrowing OpenFile, as path: String) throws(PackagingError) {
    let source = "/proc/self/fd/\(file.descriptor)"
    if linkat(AT_FDCWD, source, AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0 { return }
    guard errno == EEXIST else { throw .file(action: .create, path: path, errno: errno) }
    let temporary = temporaryName(for: path)
    guard linkat(AT_FDCWD, source, AT_FDCWD, temporary, AT_SYMLINK_FOLLOW) == 0 else {
      throw .file(action: .create, path: temporary, errno: errno)
    }
    try rename(temporary, to: path)
  }

  /// For file systems without nameless files (NFS, FAT): a hidden name, removed when a signal ends the process.
  static func writeNamed(
    _ path: String, fill: (borrowing OpenFile) throws(PackagingError) -> Void
  ) throws(PackagingError) {
    let temporary = temporaryName(for: path)
    let cleaner = SignalCleaner(removing: temporary)
    defer { cleaner.end() }
    guard let file = try OpenFile.creating(temporary) else {
      throw .file(action: .create, path: temporary, errno: EEXIST)
    }
    do {
      try fill(file)
      try file.synchronise()
    } catch {
      unlink(temporary)
      throw error
    }
    try rename(temporary, to: path)
  }

  private static func temporaryName(for path: String) -> String {
    "\(directory(of: path))/.belay-\(getpid())-\(UInt32.random(in: 0...UInt32.max)).deb"
  }

  private static func rename(_ temporary: String, to path: String) throws(PackagingError) {
    guard Glibc.rename(temporary, path) == 0 else {
      let code = errno
      unlink(temporary)
      throw .file(action: .rename, path: path, errno: code)
    }
  }
}
