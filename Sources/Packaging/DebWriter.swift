import ReleaseDescription

/// Makes the .deb of a release.
///
/// The payload passes through once, in pieces: compressed into a nameless file beside the target, its digests and size
/// collected on the way, because the control archive that comes first in a .deb needs them, and the outer archive needs
/// the size of each member before the member.
public struct DebWriter {
  private let release: Release
  private let payload: Payload
  private let scripts: ScriptAssembly

  /// - Throws: when the release cannot become a package; nothing was written, no source opened.
  public init(_ release: Release) throws(PackagingError) {
    try ControlFile.check(release.control)
    self.release = release
    scripts = try ScriptAssembly(release)
    payload = try Payload(
      release.contents + (try BelayPayload.contents(of: release)) + (try BelayPayload.lintianOverrides(of: release)))
  }

  /// Bytes of the payload that come from files, as they are now.
  public var payloadSize: Int {
    get throws(PackagingError) {
      var size = 0
      for case .file(let source) in payload.entries.map(\.kind) {
        size += try OpenFile.reading(source).status().st_size
      }
      return size
    }
  }

  /// Writes the package; what is at `path` is replaced in one step, or left as it is when this throws.
  ///
  /// - Parameter progress: called with the bytes of the payload that were read.
  public func write(to path: String, progress: (Int) -> Void = { _ in }) throws(PackagingError) {
    let directory = OutputFile.directory(of: path)
    let dataFile = try OpenFile.unnamed(in: directory)
    let data = try DataArchive(
      payload, modificationTime: release.modificationTime, compression: release.compression, into: dataFile,
      progress: progress)
    let controlFile = try OpenFile.unnamed(in: directory)
    try writeControl(data, into: controlFile)
    try OutputFile.write(path) { file throws(PackagingError) in
      let writer = try ArchiveWriter.make(.ar, compression: Compression(.none, level: 0), into: file)
      try append("debian-binary", Array("2.0\n".utf8), to: writer)
      try append("control.tar\(controlCompression.suffix)", controlFile, to: writer)
      try append("data.tar\(release.compression.suffix)", dataFile, to: writer)
      try writer.finish()
    }
  }

  /// As the payload's; gzip where that is not compressed, because the archive's tools refuse a bare control.tar.
  private var controlCompression: Compression {
    release.compression.algorithm == .none ? Compression(.gzip, level: 9) : release.compression
  }

  private func writeControl(_ data: DataArchive, into file: borrowing OpenFile) throws(PackagingError) {
    let conffiles = payload.entries.filter(\.isConffile).map { $0.destination + "\n" }.joined()
    let control = try ControlFile(release.control, installedSize: data.installedSize)
    var members: [(name: String, text: String, mode: UInt32)] = [
      ("conffiles", conffiles, 0o644), ("control", control.text, 0o644), ("md5sums", data.md5sums, 0o644),
      ("triggers", HostTriggers.file(of: release), 0o644),
    ]
    members += scripts.scripts.map { ($0.name, $0.text, 0o755) }
    let writer = try ArchiveWriter.make(.tar, compression: controlCompression, into: file)
    let time = release.modificationTime
    try writer.begin(.init(name: "./", kind: .directory, mode: 0o755, modificationTime: time))
    for member in members where !member.text.isEmpty {
      let bytes = Array(member.text.utf8)
      try writer.begin(
        .init(
          name: "./\(member.name)", kind: .file(size: bytes.count), mode: member.mode, modificationTime: time))
      try writer.write(bytes)
    }
    try writer.finish()
  }

  private func append(_ name: String, _ bytes: [UInt8], to writer: borrowing ArchiveWriter) throws(PackagingError) {
    try begin(name, size: bytes.count, in: writer)
    try writer.write(bytes)
  }

  private func append(
    _ name: String, _ file: borrowing OpenFile, to writer: borrowing ArchiveWriter
  ) throws(PackagingError) {
    try begin(name, size: try file.status().st_size, in: writer)
    try file.rewind()
    let buffer = Buffer()
    while true {
      let count = try file.read(into: buffer.bytes)
      if count == 0 { return }
      try writer.write(UnsafeRawBufferPointer(rebasing: buffer.bytes[..<count]).bytes)
    }
  }

  private func begin(_ name: String, size: Int, in writer: borrowing ArchiveWriter) throws(PackagingError) {
    try writer.begin(
      .init(
        name: name, kind: .file(size: size), mode: 0o100644, modificationTime: release.modificationTime,
        user: ("", 0), group: ("", 0)))
  }
}

extension Compression {
  /// dpkg-deb's member names.
  fileprivate var suffix: String {
    switch algorithm {
    case .gzip: ".gz"
    case .xz: ".xz"
    case .zstd: ".zst"
    case .none: ""
    }
  }
}
