import Glibc

/// A file descriptor that is closed when its owner goes.
struct OpenFile: ~Copyable {
  let descriptor: Int32
  /// For messages; the file need not have this name, or any.
  let path: String

  private init(descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  deinit { close(descriptor) }

  /// Opens a regular file; a fifo without a writer does not block it.
  static func reading(_ path: String) throws(PackagingError) -> OpenFile {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else { throw .file(action: .open, path: path, errno: errno) }
    let file = OpenFile(descriptor: descriptor, path: path)
    guard try file.status().st_mode & S_IFMT == S_IFREG else { throw .notRegularFile(path) }
    return file
  }

  /// A file without a name, in the file system of the directory.
  static func unnamed(in directory: String) throws(PackagingError) -> OpenFile {
    if let file = linkable(in: directory) { return file }
    var template = Array("\(directory)/.belay-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw .file(action: .create, path: directory, errno: errno) }
    unlink(template)
    return OpenFile(descriptor: descriptor, path: directory)
  }

  /// As `unnamed`, and a name can be given to it later; nil: this file system has no such files.
  static func linkable(in directory: String) -> OpenFile? {
    // O_TMPFILE is a macro that Swift does not import.
    let temporary: Int32 = 0o20000000 | O_DIRECTORY
    let descriptor = open(directory, O_RDWR | O_CLOEXEC | temporary, 0o666)
    return descriptor >= 0 ? OpenFile(descriptor: descriptor, path: directory) : nil
  }

  /// A new file; nil: there is one of this name.
  static func creating(_ path: String) throws(PackagingError) -> OpenFile? {
    let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o666)
    if descriptor >= 0 { return OpenFile(descriptor: descriptor, path: path) }
    guard errno == EEXIST else { throw .file(action: .create, path: path, errno: errno) }
    return nil
  }

  func status() throws(PackagingError) -> stat {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .file(action: .read, path: path, errno: errno) }
    return status
  }

  /// Fills the buffer from the file's current place; fewer bytes only at its end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(PackagingError) -> Int {
    var filled = 0
    while filled < buffer.count {
      let count = Glibc.read(descriptor, buffer.baseAddress?.advanced(by: filled), buffer.count - filled)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .file(action: .read, path: path, errno: errno) }
      if count == 0 { break }
      filled += count
    }
    return filled
  }

  func rewind() throws(PackagingError) {
    guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw .file(action: .read, path: path, errno: errno) }
  }

  func synchronise() throws(PackagingError) {
    guard fsync(descriptor) == 0 else { throw .file(action: .write, path: path, errno: errno) }
  }
}
