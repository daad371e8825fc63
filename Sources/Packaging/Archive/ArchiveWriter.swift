import CArchive
import Glibc
import ReleaseDescription

/// Writes one archive into a file by libarchive.
struct ArchiveWriter: ~Copyable {
  private let archive: OpaquePointer
  private let entry: OpaquePointer

  enum Format { case tar, ar, single }

  private init(archive: OpaquePointer, entry: OpaquePointer) {
    self.archive = archive
    self.entry = entry
  }

  /// A writer into the file. (No `init`: one of a type with a `deinit` may not throw after it set the properties.)
  static func make(
    _ format: Format, compression: Compression, into file: borrowing OpenFile
  ) throws(PackagingError) -> ArchiveWriter {
    let writer = try make(format, compression: compression)
    try check(writer.archive, archive_write_open_fd(writer.archive, file.descriptor))
    return writer
  }

  /// A writer into the memory, which must be large enough; `used` tells how much was filled.
  static func make(
    _ format: Format, compression: Compression, into memory: UnsafeMutableRawBufferPointer,
    used: UnsafeMutablePointer<Int>
  ) throws(PackagingError) -> ArchiveWriter {
    let writer = try make(format, compression: compression)
    try check(writer.archive, archive_write_open_memory(writer.archive, memory.baseAddress, memory.count, used))
    return writer
  }

  private static func make(_ format: Format, compression: Compression) throws(PackagingError) -> ArchiveWriter {
    guard let archive = archive_write_new(), let entry = archive_entry_new() else {
      throw .archive(action: "start libarchive", reason: "out of memory")
    }
    let writer = ArchiveWriter(archive: archive, entry: entry)
    switch format {
    case .tar: try check(archive, archive_write_set_format_gnutar(archive))
    // As dpkg-deb writes it: names without the `/` that ar_svr4 puts at their end.
    case .ar: try check(archive, archive_write_set_format_ar_bsd(archive))
    case .single: try check(archive, archive_write_set_format_raw(archive))
    }
    try add(compression, to: archive)
    // Without it the compressed file is padded to a tape block.
    try check(archive, archive_write_set_bytes_in_last_block(archive, 1))
    return writer
  }

  deinit {
    archive_entry_free(entry)
    // Frees without finishing when `finish` was not reached; the file is thrown away then.
    archive_write_fail(archive)
    archive_write_free(archive)
  }

  struct Header {
    enum Kind { case file(size: Int), directory, symlink(target: String) }
    var name: String
    var kind: Kind
    var mode: UInt32
    var modificationTime: Int
    var user: (name: String, id: Int64) = ("root", 0)
    var group: (name: String, id: Int64) = ("root", 0)
  }

  func begin(_ header: Header) throws(PackagingError) {
    archive_entry_clear(entry)
    archive_entry_copy_pathname(entry, header.name)
    archive_entry_set_perm(entry, header.mode)
    archive_entry_set_mtime(entry, header.modificationTime, 0)
    archive_entry_set_uid(entry, header.user.id)
    archive_entry_set_gid(entry, header.group.id)
    if !header.user.name.isEmpty { archive_entry_copy_uname(entry, header.user.name) }
    if !header.group.name.isEmpty { archive_entry_copy_gname(entry, header.group.name) }
    // AE_IFREG and its like are cast macros, which Swift does not import.
    switch header.kind {
    case .file(let size):
      archive_entry_set_filetype(entry, 0o100000)
      archive_entry_set_size(entry, Int64(size))
    case .directory:
      archive_entry_set_filetype(entry, 0o040000)
      archive_entry_set_size(entry, 0)
    case .symlink(let target):
      archive_entry_set_filetype(entry, 0o120000)
      archive_entry_set_size(entry, 0)
      archive_entry_copy_symlink(entry, target)
    }
    try Self.check(archive, archive_write_header(archive, entry))
  }

  func write(_ bytes: RawSpan) throws(PackagingError) {
    var written = 0
    while written < bytes.byteCount {
      let count = bytes.extracting(droppingFirst: written).withUnsafeBytes { rest in
        archive_write_data(archive, rest.baseAddress, rest.count)
      }
      guard count > 0 else { throw Self.error(archive) }
      written += count
    }
  }

  func write(_ bytes: [UInt8]) throws(PackagingError) { try write(bytes.span.bytes) }

  func finish() throws(PackagingError) { try Self.check(archive, archive_write_close(archive)) }

  private static func check(_ archive: OpaquePointer, _ status: Int32) throws(PackagingError) {
    guard status == ARCHIVE_OK else { throw error(archive) }
  }

  private static func error(_ archive: OpaquePointer) -> PackagingError {
    let code = archive_errno(archive)
    let reason = archive_error_string(archive).map { String(cString: $0) } ?? "unknown error of libarchive"
    // Its own codes are negative; a positive one is the system's, and says more than "Write error".
    return .archive(action: "write the package", reason: code > 0 ? String(cString: strerror(code)) : reason)
  }

  private static func add(_ compression: Compression, to archive: OpaquePointer) throws(PackagingError) {
    let filter = compression.algorithm.rawValue
    var options = [("compression-level", "\(compression.level)")]
    switch compression.algorithm {
    case .none: return
    case .gzip:
      try check(archive, archive_write_add_filter_gzip(archive))
      // The time of the compression, otherwise.
      try check(archive, archive_write_set_filter_option(archive, filter, "timestamp", nil))
    case .xz:
      try check(archive, archive_write_add_filter_xz(archive))
      options.append(("threads", threads))
    case .zstd:
      try check(archive, archive_write_add_filter_zstd(archive))
      options.append(("threads", threads))
    }
    for (name, value) in options {
      try check(archive, archive_write_set_filter_option(archive, filter, name, value))
    }
  }
}
