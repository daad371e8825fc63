import CAptShim
import Glibc

/// A directory read as if it were `/`: no link in it leads out, by the kernel's own rule.
public final class RootDirectory {
  private let descriptor: Int32

  /// - Throws: errno.
  public init(_ path: String) throws(Errno) {
    descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Errno(errno) }
  }

  deinit { close(descriptor) }

  public struct Errno: Error, Equatable, CustomStringConvertible {
    public let code: Int32
    public init(_ code: Int32) { self.code = code }
    public var description: String { String(cString: strerror(code)) }
  }

  /// The bytes of a regular file; nil: there is none.
  /// - Throws: EFBIG beyond `limit`, EINVAL for what is no regular file.
  public func read(_ path: String, limit: Int) throws(Errno) -> [UInt8]? {
    let file = capt_open_below(descriptor, path, false)
    guard file >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw Errno(errno)
    }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { throw Errno(errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw Errno(EINVAL) }
    guard Int(status.st_size) <= limit else { throw Errno(EFBIG) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Int(status.st_size))
    var piece = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = piece.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress, $0.count) }
      guard count >= 0 else { throw Errno(errno) }
      if count == 0 { return bytes }
      bytes += piece[..<count]
      if bytes.count > limit { throw Errno(EFBIG) }
    }
  }

  /// The size of a regular file; nil: there is none, or none that can be seen.
  public func size(_ path: String) -> Int? {
    let file = capt_open_below(descriptor, path, false)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(status.st_size)
  }

  /// The names in a directory, sorted; empty: there is none.
  public func names(in path: String) throws(Errno) -> [String] {
    let file = capt_open_below(descriptor, path, true)
    guard file >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return [] }
      throw Errno(errno)
    }
    guard let directory = fdopendir(file) else {
      close(file)
      throw Errno(errno)
    }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Free bytes of the file system that holds `path`, for everybody but root; nil: it cannot be told.
  public func freeSpace(at path: String) -> Int? {
    let file = capt_open_below(descriptor, path, true)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var status = statvfs()
    guard fstatvfs(file, &status) == 0 else { return nil }
    return Int(status.f_bavail) * Int(status.f_frsize)
  }
}
