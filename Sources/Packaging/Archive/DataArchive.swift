import Apt
import Glibc
import ReleaseDescription

/// What was learned of the payload while data.tar was written.
struct DataArchive {
  /// dpkg's md5sums: one line a regular file, conffiles left out as dh_md5sums does.
  private(set) var md5sums = ""
  /// KiB, by dpkg-gencontrol's rule (deb-substvars(5)): regular files and symlinks rounded up to 1 KiB each, 1 KiB for
  /// everything else, the package's root included.
  private(set) var installedSize = 1

  /// - Parameter progress: bytes of the payload that were read.
  init(
    _ payload: Payload, modificationTime: Int, compression: Compression, into file: borrowing OpenFile,
    progress: (Int) -> Void
  ) throws(PackagingError) {
    let writer = try ArchiveWriter.make(.tar, compression: compression, into: file)
    let buffer = Buffer()
    var done = 0
    try writer.begin(.init(name: "./", kind: .directory, mode: 0o755, modificationTime: modificationTime))
    for entry in payload.entries {
      var header = ArchiveWriter.Header(
        name: ".\(entry.destination)", kind: .directory, mode: entry.mode,
        modificationTime: entry.modificationTime ?? modificationTime,
        user: try Owners.user(entry.owner, mode: entry.mode), group: try Owners.group(entry.group, mode: entry.mode))
      var digest: String?
      switch entry.kind {
      case .directory:
        header.name += "/"
        try writer.begin(header)
        installedSize += 1
      case .symlink(let target):
        header.kind = .symlink(target: target)
        try writer.begin(header)
        installedSize += Self.kibibytes(target.utf8.count)
      case .text(let bytes):
        header.kind = .file(size: bytes.count)
        try writer.begin(header)
        try writer.write(bytes)
        digest = try Self.digest(of: bytes, path: entry.destination)
        installedSize += Self.kibibytes(bytes.count)
      case .file(let source):
        let (size, md5) = try Self.copy(source, header: &header, writer, buffer) { progress(done + $0) }
        done += size
        digest = md5
        installedSize += Self.kibibytes(size)
      }
      if let digest, !entry.isConffile { md5sums += "\(digest)  \(entry.destination.dropFirst())\n" }
    }
    try writer.finish()
  }

  private static func kibibytes(_ size: Int) -> Int { (size + 1023) / 1024 }

  private static func digest(of bytes: [UInt8], path: String) throws(PackagingError) -> String {
    do {
      return try Digester.digest(.md5, of: bytes)
    } catch {
      throw .digest(path: path)
    }
  }

  /// One pass over the file: into the archive, the digest and the count.
  private static func copy(
    _ source: String, header: inout ArchiveWriter.Header, _ writer: borrowing ArchiveWriter,
    _ buffer: borrowing Buffer, progress: (Int) -> Void
  ) throws(PackagingError) -> (size: Int, md5: String) {
    let file = try OpenFile.reading(source)
    let before = try file.status()
    header.kind = .file(size: before.st_size)
    try writer.begin(header)
    do {
      let digester = try Digester(.md5)
      var copied = 0
      while true {
        let count = try file.read(into: buffer.bytes)
        copied += count
        // libarchive would silently cut what is too much.
        guard copied <= before.st_size else { throw PackagingError.changedWhileReading(source) }
        let piece = UnsafeRawBufferPointer(rebasing: buffer.bytes[..<count])
        try digester.update(piece.bytes)
        try writer.write(piece.bytes)
        progress(copied)
        if count < buffer.bytes.count { break }
      }
      guard copied == before.st_size, try file.status().isSameContent(as: before) else {
        throw PackagingError.changedWhileReading(source)
      }
      return (copied, try digester.finish())
    } catch let error as PackagingError {
      throw error
    } catch {
      throw .digest(path: source)
    }
  }
}

extension stat {
  fileprivate func isSameContent(as other: stat) -> Bool {
    st_size == other.st_size && st_mtim.tv_sec == other.st_mtim.tv_sec && st_mtim.tv_nsec == other.st_mtim.tv_nsec
  }
}
