import Yams

extension Reading {
  /// `contents`, with patterns and trees expanded, sorted by the destination's bytes.
  mutating func contents(_ fields: Fields) -> [Content] {
    let globbing = !(bool(fields, "disable_globbing") ?? false)
    let umask = mode(fields, "umask")
    var payload = Payload(globbing: globbing, umask: umask)
    for node in items(fields, "contents") {
      guard let entry = contentEntry(node) else { continue }
      add(entry, to: &payload)
    }
    filesAreNotDirectories(payload)
    return payload.entries.values.map(\.content).sorted { left, right in
      left.destination.utf8.lexicographicallyPrecedes(right.destination.utf8)
    }
  }

  private mutating func add(_ entry: ContentEntry, to payload: inout Payload) {
    switch entry.kind {
    case .directory:
      put(content(entry, .directory, at: entry.destination, mode: entry.mode ?? 0o755), entry, &payload)
    case .symlink:
      let target = entry.source ?? ""
      put(content(entry, .symlink(target: target), at: entry.destination, mode: 0o777), entry, &payload)
    case let kind where kind.isTree: addTree(entry, &payload)
    default: addFiles(entry, &payload)
    }
  }

  func content(_ entry: ContentEntry, _ kind: Content.Kind, at destination: String, mode: UInt32) -> Content {
    var isRegular = false
    if case .file = kind { isRegular = true }
    return Content(
      kind: kind, destination: destination, mode: mode, owner: entry.owner, group: entry.group,
      modificationTime: entry.modificationTime,
      isConffile: isRegular && (entry.kind.isConfiguration || destination.isInside("/etc")))
  }

  /// Enters one thing; two that are not the very same directory may not meet.
  mutating func put(_ content: Content, _ entry: ContentEntry, _ payload: inout Payload) {
    guard let present = payload.entries[content.destination] else {
      payload.entries[content.destination] = Payload.Placed(content: content, entry: entry)
      return
    }
    // Two trees may share a directory; two entries that name it may not.
    if content == present.content, content.kind == .directory, entry.kind.isTree || present.entry.kind.isTree { return }
    let message = "two entries for '\(content.destination)', the other is in line \(present.entry.position.line)"
    error(message, at: entry.position)
  }

  private mutating func filesAreNotDirectories(_ payload: Payload) {
    for (destination, placed) in payload.entries.sorted(by: { $0.key < $1.key }) {
      var parent = PathText.directory(of: destination)
      while parent != "/" {
        if let above = payload.entries[parent], above.content.kind != .directory {
          let message =
            "'\(destination)' lies below '\(parent)', which is no directory (line \(above.entry.position.line))"
          error(message, at: placed.entry.position)
        }
        parent = PathText.directory(of: parent)
      }
    }
  }
}

/// The payload while it is put together.
struct Payload {
  struct Placed {
    var content: Content
    var entry: ContentEntry
  }
  var globbing: Bool
  var umask: UInt32?
  var entries: [String: Placed] = [:]

  /// The mode of a file that has none in the description.
  ///
  /// With `umask`, the source's own less it (nFPM). Without, what git knows of a file, executable or not: a checkout's
  /// modes depend on who made it, and the same input has to give the same bytes.
  func mode(_ status: FileSystem.Status) -> UInt32 {
    if let umask { return status.permissions & ~umask & 0o7777 }
    return status.kind == .directory || status.permissions & 0o100 != 0 ? 0o755 : 0o644
  }
}
