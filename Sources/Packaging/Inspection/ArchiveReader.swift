import CArchive
import Glibc

/// Reads one archive by libarchive: a file, or a member of another archive while that is read.
struct ArchiveReader: ~Copyable {
  private let archive: OpaquePointer
  /// What libarchive reads from when it reads a member; it holds a plain pointer to it.
  private let source: MemberSource?

  private init(archive: OpaquePointer, source: MemberSource?) {
    self.archive = archive
    self.source = source
  }

  deinit { archive_read_free(archive) }

  /// The outer archive of a .deb.
  static func ar(_ path: String) throws(InspectionError) -> ArchiveReader {
    let archive = try new()
    archive_read_support_format_ar(archive)
    let reader = ArchiveReader(archive: archive, source: nil)
    if archive_read_open_filename(archive, path, 65_536) != ARCHIVE_OK {
      let code = archive_errno(archive)
      // libarchive's own errors have no number of the system's, or this one.
      if code > 0, code != EILSEQ, code != EINVAL { throw .file(path: path, errno: code) }
      throw .notAPackage(path: path, reason: reader.reason)
    }
    return reader
  }

  /// The tar archive in the member of `outer` whose header was read last, with dpkg's compressions.
  static func tar(in outer: borrowing ArchiveReader, member: String) throws(InspectionError) -> ArchiveReader {
    let archive = try new()
    archive_read_support_format_tar(archive)
    archive_read_support_filter_gzip(archive)
    archive_read_support_filter_xz(archive)
    archive_read_support_filter_lzma(archive)
    archive_read_support_filter_bzip2(archive)
    archive_read_support_filter_zstd(archive)
    let source = MemberSource(outer.archive)
    let reader = ArchiveReader(archive: archive, source: source)
    let status = archive_read_open(
      archive, Unmanaged.passUnretained(source).toOpaque(), nil,
      { _, data, bytes in
        guard let data, let bytes else { return -1 }
        return Unmanaged<MemberSource>.fromOpaque(data).takeUnretainedValue().next(bytes)
      }, nil)
    guard status == ARCHIVE_OK else { throw .damaged(member: member, reason: reader.reason) }
    return reader
  }

  private static func new() throws(InspectionError) -> OpaquePointer {
    guard let archive = archive_read_new() else { throw .file(path: "libarchive", errno: ENOMEM) }
    return archive
  }

  struct Entry {
    var name: String
    /// S_IFMT's part of the mode.
    var type: UInt32
    var mode: UInt32
    var size: Int
    var user: String
    var group: String
    var modificationTime: Int
    var symlink: String?
    var isHardLink: Bool
  }

  /// nil: the end.
  func next(member: String) throws(InspectionError) -> Entry? {
    var entry: OpaquePointer?
    let status = archive_read_next_header(archive, &entry)
    if status == ARCHIVE_EOF { return nil }
    // A warning is about one attribute that could not be converted; names are checked below.
    guard status == ARCHIVE_OK || status == ARCHIVE_WARN, let entry else {
      throw .damaged(member: member, reason: reason)
    }
    guard let name = Self.text(archive_entry_pathname(entry)) ?? Self.text(archive_entry_pathname_utf8(entry)) else {
      throw .damaged(member: member, reason: "an entry has no readable name")
    }
    return Entry(
      name: name, type: UInt32(archive_entry_filetype(entry)), mode: UInt32(archive_entry_perm(entry)),
      size: Int(archive_entry_size(entry)),
      user: Self.text(archive_entry_uname(entry)) ?? "\(archive_entry_uid(entry))",
      group: Self.text(archive_entry_gname(entry)) ?? "\(archive_entry_gid(entry))",
      modificationTime: Int(archive_entry_mtime(entry)),
      symlink: Self.text(archive_entry_symlink(entry)) ?? Self.text(archive_entry_symlink_utf8(entry)),
      isHardLink: archive_entry_hardlink(entry) != nil)
  }

  private static func text(_ pointer: UnsafePointer<CChar>?) -> String? {
    guard let pointer, pointer.pointee != 0 else { return nil }
    return String(cString: pointer)
  }

  /// The current entry's bytes; more than `limit` is an error, whatever the header announced.
  func data(limit: Int, member: String) throws(InspectionError) -> [UInt8] {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = piece.withUnsafeMutableBytes { archive_read_data(archive, $0.baseAddress, $0.count) }
      guard count >= 0 else { throw .damaged(member: member, reason: reason) }
      if count == 0 { return bytes }
      bytes += piece[..<count]
      if bytes.count > limit { throw .damaged(member: member, reason: "it is larger than \(Amounts.size(limit))") }
    }
  }

  /// Reads the current entry to its end: a cut file shows only there.
  func drain(member: String) throws(InspectionError) {
    guard archive_read_data_skip(archive) == ARCHIVE_OK else { throw .damaged(member: member, reason: reason) }
  }

  private var reason: String {
    if let failure = source?.failure { return failure }
    return archive_error_string(archive).map { Visible.line(String(cString: $0)) } ?? "unknown error of libarchive"
  }
}

/// Hands a member of the outer archive to the inner reader, piece by piece.
private final class MemberSource {
  private let outer: OpaquePointer
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 16)
  private(set) var failure: String?

  init(_ outer: OpaquePointer) { self.outer = outer }
  deinit { buffer.deallocate() }

  func next(_ bytes: UnsafeMutablePointer<UnsafeRawPointer?>) -> Int {
    let count = archive_read_data(outer, buffer.baseAddress, buffer.count)
    if count < 0 {
      failure = archive_error_string(outer).map { Visible.line(String(cString: $0)) } ?? "it cannot be read"
    }
    bytes.pointee = UnsafeRawPointer(buffer.baseAddress)
    return count
  }
}
