import ReleaseDescription

/// The entries of data.tar, in their order: sorted by the bytes of their names, each directory before what is in it.
struct Payload {
  let entries: [Content]

  /// Adds the directories that the contents lie in and do not name, 0755 and root's.
  ///
  /// Names are compared as bytes: to Swift, `é` written in two ways is one string, and `/` before a combining mark is
  /// no `/`.
  /// - Throws: for a path that could lead out of the package or cannot be written in dpkg's lists.
  init(_ contents: [Content]) throws(PackagingError) {
    var byPath: [[UInt8]: Content] = [:]
    for content in contents {
      try Self.check(content)
      guard byPath.updateValue(content, forKey: Array(content.destination.utf8)) == nil else {
        throw .path(content.destination, fault: .twice)
      }
    }
    for content in contents {
      var path = Array(content.destination.utf8)[...]
      while let slash = path.lastIndex(of: Self.slash), slash > 0 {
        path = path[..<slash]
        let directory = String(decoding: path, as: UTF8.self)
        guard let parent = byPath[Array(path)] else {
          byPath[Array(path)] = Content(kind: .directory, destination: directory, mode: 0o755)
          continue
        }
        guard parent.kind == .directory else {
          throw .path(content.destination, fault: .below(notDirectory: directory))
        }
      }
    }
    entries = byPath.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value)
  }

  private static let slash = UInt8(ascii: "/")

  private static func check(_ content: Content) throws(PackagingError) {
    let path = content.destination
    if path.utf8.contains(0) { throw .nul(field: path) }
    // md5sums and conffiles hold one name a line.
    if path.utf8.contains(UInt8(ascii: "\n")) { throw .path(path, fault: .newline) }
    let parts = Array(path.utf8).split(separator: slash, omittingEmptySubsequences: false)
    let special: [ArraySlice<UInt8>] = [[], [UInt8(ascii: ".")], [UInt8(ascii: "."), UInt8(ascii: ".")]]
    guard parts.count > 1, parts[0].isEmpty, !parts.dropFirst().contains(where: special.contains) else {
      throw .path(path, fault: .notNormalised)
    }
    if content.isConffile, path.last?.isWhitespace == true { throw .path(path, fault: .trailingSpace) }
    if case .symlink(let target) = content.kind {
      if target.utf8.contains(0) { throw .nul(field: path) }
      if target.isEmpty { throw .path(path, fault: .emptyTarget) }
    }
  }
}
