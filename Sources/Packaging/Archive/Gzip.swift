import ReleaseDescription

/// `gzip -9n` of a text: no name and no time in it.
enum Gzip {
  static func compressed(_ text: String) throws(PackagingError) -> [UInt8] {
    let bytes = Array(text.utf8)
    // Deflate makes nothing longer by more than this, gzip's own 18 bytes included.
    let memory = Buffer(count: bytes.count + bytes.count / 1000 + 1024)
    let used = UnsafeMutablePointer<Int>.allocate(capacity: 1)
    used.initialize(to: 0)
    defer { used.deallocate() }
    let writer = try ArchiveWriter.make(
      .single, compression: Compression(.gzip, level: 9), into: memory.bytes, used: used)
    try writer.begin(.init(name: "text", kind: .file(size: bytes.count), mode: 0o644, modificationTime: 0))
    try writer.write(bytes)
    try writer.finish()
    return Array(memory.bytes.prefix(used.pointee))
  }
}
