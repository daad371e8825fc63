extension Reading {
  /// Files: one by name, all below a directory, or what a pattern matches.
  mutating func addFiles(_ entry: ContentEntry, _ payload: inout Payload) {
    guard let source = entry.source else { return }
    let path = absolute(source)
    let isLiteral = !payload.globbing || !Glob.isPattern(source) || exists(path)
    if isLiteral {
      guard let real = inTree(path, source, at: entry.sourcePosition) else { return }
      guard FileSystem.status(real, followingSymlinks: true)?.kind == .directory else {
        let name = PathText.name(of: path)
        let destination = entry.isIntoDirectory ? Glob.join(entry.destination, name) : entry.destination
        addFile(real, shown: source, destination, entry, &payload)
        return
      }
      addAll(Glob.files(below: path), relativeTo: path, source, entry, &payload)
    } else {
      guard let matches = Glob.files(source, from: surroundings.directory) else {
        error("'\(source.shortened)' has too many alternatives", at: entry.sourcePosition)
        return
      }
      if matches.isEmpty {
        error("'\(source.shortened)' matches nothing", at: entry.sourcePosition, hint: searchedFrom)
        return
      }
      addAll(matches, relativeTo: PathText.commonDirectory(matches), source, entry, &payload)
    }
  }

  private mutating func addAll(
    _ paths: [String], relativeTo directory: String, _ source: String, _ entry: ContentEntry, _ payload: inout Payload
  ) {
    if paths.isEmpty { error("'\(source.shortened)' holds no file", at: entry.sourcePosition) }
    for path in paths {
      let relative = path.dropFirst(directory == "/" ? 1 : directory.count + 1)
      guard let real = inTree(path, path, at: entry.sourcePosition) else { continue }
      if FileSystem.status(real, followingSymlinks: true)?.kind == .directory { continue }
      addFile(real, shown: path, Glob.join(entry.destination, String(relative)), entry, &payload)
    }
  }

  private mutating func addFile(
    _ real: String, shown: String, _ destination: String, _ entry: ContentEntry, _ payload: inout Payload
  ) {
    guard let destination = payloadName(destination, entry) else { return }
    guard let status = FileSystem.status(real, followingSymlinks: true), status.kind == .regular else {
      error("'\(shown.shortened)' is neither a file nor a directory", at: entry.sourcePosition)
      return
    }
    if !FileSystem.isReadable(real) {
      error("'\(shown.shortened)' cannot be read", at: entry.sourcePosition)
      return
    }
    let mode = entry.mode ?? payload.mode(status)
    put(content(entry, .file(source: real), at: destination, mode: mode), entry, &payload)
  }

  /// The source without symlinks in it, if it is where its name says.
  ///
  /// A source outside the working directory may be named (`../dist/shop`); a name inside it that a symlink leads out may
  /// not, or a checkout could put any file of the building machine into a package.
  mutating func inTree(
    _ path: String, _ shown: String, at position: Position, hint: String = "name the file itself, or use type: symlink"
  ) -> String? {
    guard let real = FileSystem.realPath(path) else {
      let isDangling = FileSystem.status(path, followingSymlinks: false)?.kind == .symlink
      let message = isDangling ? "is a symlink to nothing" : "does not exist"
      error("'\(shown.shortened)' \(message)", at: position, hint: isDangling ? nil : searchedFrom)
      return nil
    }
    let base = FileSystem.realPath(surroundings.directory) ?? surroundings.directory
    let lexical = PathText.lexical(path)
    if lexical.isInside(surroundings.directory) || lexical.isInside(base), !real.isInside(base) {
      error(
        "'\(shown.shortened)' leads out of the source tree through a symlink, to '\(real.shortened)'",
        at: position, hint: hint)
      return nil
    }
    return real
  }

  func absolute(_ source: String) -> String { source.hasPrefix("/") ? source : "\(surroundings.directory)/\(source)" }

  var searchedFrom: String { "sources are looked for from the directory that belay is started in" }

  private func exists(_ path: String) -> Bool { FileSystem.status(path, followingSymlinks: false) != nil }

  /// A destination that came from names on the disk.
  mutating func payloadName(_ destination: String, _ entry: ContentEntry) -> String? {
    if destination.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F || $0 == "\u{FFFD}" }) {
      error("a name is not UTF-8 or holds control characters: '\(destination)'", at: entry.sourcePosition)
      return nil
    }
    // What the entry itself names was looked at already.
    let isNew = { (path: String) in destination.isInside(path) && !entry.destination.isInside(path) }
    if OwnPaths.all.contains(where: isNew) {
      error("'\(destination)' belongs to belay", at: entry.position)
      return nil
    }
    return destination
  }
}
