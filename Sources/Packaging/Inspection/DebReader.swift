import ReleaseDescription

/// A .deb as it was read: everything of its control archive, the list of its payload, and the bytes of a few files.
struct DebReader {
  /// Members of the control archive by name.
  private(set) var control: [String: [UInt8]] = [:]
  private(set) var payload: [ArchiveReader.Entry] = []
  /// The files that were asked for, by absolute path.
  private(set) var files: [String: [UInt8]] = [:]

  /// No script or list comes near these; a file that does was made to exhaust its reader.
  private static let memberLimit = 16 << 20
  private static let controlLimit = 64 << 20
  private static let entryLimit = 1_000_000

  /// - Parameter isWanted: whether the bytes of a payload file are kept, by its absolute path.
  init(_ path: String, keeping isWanted: ([String: [UInt8]]) -> Set<String>) throws(InspectionError) {
    let outer = try ArchiveReader.ar(path)
    var expected = ["debian-binary", "control.tar", "data.tar"]
    while let next = expected.first {
      guard let member = try Self.next(in: outer, path: path) else {
        throw .notAPackage(path: path, reason: "it has no member '\(next)'")
      }
      let name = Self.trimmed(member.name)
      // deb(5): members whose names begin with an underscore may come in between and are passed over.
      if name.hasPrefix("_"), next != "debian-binary" { continue }
      let shown = Visible.line(name)
      guard name == next || (next != "debian-binary" && name.hasPrefix(next + ".")) else {
        throw .notAPackage(path: path, reason: "it has a member '\(shown)' where '\(next)' must be")
      }
      switch next {
      case "debian-binary":
        let version = String(decoding: try outer.data(limit: 1_024, member: shown), as: UTF8.self)
        guard version.hasPrefix("2.") else {
          throw .notAPackage(path: path, reason: "its format is '\(Visible.line(version))', not 2.0")
        }
      case "control.tar": try readControl(outer, member: shown)
      default: try readPayload(outer, member: shown, wanted: isWanted(control))
      }
      try outer.drain(member: shown)
      expected.removeFirst()
    }
  }

  private static func next(
    in outer: borrowing ArchiveReader, path: String
  ) throws(InspectionError) -> ArchiveReader.Entry? {
    do {
      return try outer.next(member: path)
    } catch {
      guard case .damaged(_, let reason) = error else { throw error }
      throw .notAPackage(path: path, reason: reason)
    }
  }

  /// ar_svr4 puts a `/` at the end of names.
  private static func trimmed(_ name: String) -> String { name.hasSuffix("/") ? String(name.dropLast()) : name }

  private mutating func readControl(_ outer: borrowing ArchiveReader, member: String) throws(InspectionError) {
    let archive = try ArchiveReader.tar(in: outer, member: member)
    var total = 0
    while let entry = try archive.next(member: member) {
      let name = Self.absolute(entry.name).dropFirst()
      guard entry.type == FileType.regular, !entry.isHardLink, !name.isEmpty, !name.contains("/") else { continue }
      let bytes = try archive.data(limit: Self.memberLimit, member: "\(member): \(Visible.line(String(name)))")
      total += bytes.count
      if total > Self.controlLimit {
        throw .damaged(member: member, reason: "it is larger than \(Amounts.size(Self.controlLimit))")
      }
      guard control.updateValue(bytes, forKey: String(name)) == nil else {
        throw .damaged(member: member, reason: "it has '\(Visible.line(String(name)))' twice")
      }
    }
  }

  private mutating func readPayload(
    _ outer: borrowing ArchiveReader, member: String, wanted: Set<String>
  ) throws(InspectionError) {
    let archive = try ArchiveReader.tar(in: outer, member: member)
    while var entry = try archive.next(member: member) {
      entry.name = Self.absolute(entry.name)
      payload.append(entry)
      if payload.count > Self.entryLimit {
        throw .damaged(member: member, reason: "it has more than \(Self.entryLimit) entries")
      }
      guard entry.type == FileType.regular, wanted.contains(entry.name) else { continue }
      files[entry.name] = try archive.data(limit: Self.memberLimit, member: Visible.line(entry.name))
    }
  }

  /// `./usr/bin/` is `/usr/bin`, and `./` is `/`.
  private static func absolute(_ name: String) -> String {
    var path = name.hasPrefix("./") ? String(name.dropFirst()) : name.hasPrefix("/") ? name : "/" + name
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    return path == "/." ? "/" : path
  }
}

/// AE_IFREG and its like are cast macros, which Swift does not import.
enum FileType {
  static let regular: UInt32 = 0o100000
  static let directory: UInt32 = 0o040000
  static let symlink: UInt32 = 0o120000
}
