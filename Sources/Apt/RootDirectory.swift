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
    public var description: String {
      switch code {
      case EINVAL: "it is no regular file"
      case EFBIG: "it is larger than any that apt and dpkg write"
      case E2BIG: "it has more files than any that apt and dpkg write"
      default: String(cString: strerror(code))
      }
    }
  }

  /// Gives the bytes of a regular file, piece by piece, until `take` returns false.
  /// - Returns: false: there is no such file.
  /// - Throws: EFBIG beyond `limit`, EINVAL for what is no regular file.
  public func stream(
    _ path: String, limit: Int, _ take: (UnsafeRawBufferPointer) -> Bool
  ) throws(Errno) -> Bool {
    let file = capt_open_below(descriptor, path, false)
    guard file >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return false }
      throw Errno(errno)
    }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { throw Errno(errno) }
    guard Int(status.st_size) <= limit else { throw Errno(EFBIG) }
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    defer { piece.deallocate() }
    var total = 0
    while true {
      let count = Glibc.read(file, piece.baseAddress, piece.count)
      guard count >= 0 else { throw Errno(errno) }
      if count == 0 { return true }
      total += count
      if total > limit { throw Errno(EFBIG) }
      guard take(UnsafeRawBufferPointer(rebasing: piece[..<count])) else { return true }
    }
  }

  /// The bytes of a regular file; nil: there is none.
  /// - Throws: as `stream`.
  public func read(_ path: String, limit: Int) throws(Errno) -> [UInt8]? {
    var bytes: [UInt8] = []
    let isThere = try stream(path, limit: limit) { piece in
      bytes += piece
      return true
    }
    return isThere ? bytes : nil
  }

  /// The size of a regular file; nil: there is none, or none that can be seen.
  public func size(_ path: String) -> Int? {
    let file = capt_open_below(descriptor, path, false)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { return nil }
    return Int(status.st_size)
  }

  /// The names in a directory, sorted; empty: there is none.
  /// - Throws: E2BIG beyond `limit`.
  public func names(in path: String, limit: Int = 1 << 16) throws(Errno) -> [String] {
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
      if names.count > limit { throw Errno(E2BIG) }
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
