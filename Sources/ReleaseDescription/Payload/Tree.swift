extension Reading {
  /// A directory with everything in it: files, directories, and symlinks as symlinks.
  mutating func addTree(_ entry: ContentEntry, _ payload: inout Payload) {
    guard let source = entry.source, let root = inTree(absolute(source), source, at: entry.sourcePosition) else {
      return
    }
    guard FileSystem.status(root, followingSymlinks: true)?.kind == .directory else {
      error("'\(source.shortened)' is not a directory", at: entry.sourcePosition)
      return
    }
    walk(root, entry.destination, entry, &payload)
  }

  private mutating func walk(
    _ directory: String, _ destination: String, _ entry: ContentEntry, _ payload: inout Payload
  ) {
    guard let names = FileSystem.names(in: directory) else {
      error("directory '\(directory.shortened)' cannot be read", at: entry.sourcePosition)
      return
    }
    addDirectory(directory, destination, entry, &payload)
    for name in names {
      let path = Glob.join(directory, name)
      guard let place = payloadName(Glob.join(destination, name), entry) else { continue }
      guard let status = FileSystem.status(path, followingSymlinks: false) else {
        error("'\(path.shortened)' cannot be read", at: entry.sourcePosition)
        continue
      }
      switch status.kind {
      case .directory: walk(path, place, entry, &payload)
      case .symlink:
        // As a symlink: what it points to is the host's, and nothing of the building machine is read.
        guard let target = FileSystem.target(of: path) else {
          error("symlink '\(path.shortened)' cannot be read", at: entry.sourcePosition)
          continue
        }
        put(content(entry, .symlink(target: target), at: place, mode: 0o777), entry, &payload)
      case .regular:
        if !FileSystem.isReadable(path) { error("'\(path.shortened)' cannot be read", at: entry.sourcePosition) }
        let mode = entry.mode ?? payload.mode(status)
        put(content(entry, .file(source: path), at: place, mode: mode), entry, &payload)
      case .special:
        error("'\(path.shortened)' is neither a file, a directory nor a symlink", at: entry.sourcePosition)
      }
    }
  }

  private mutating func addDirectory(
    _ directory: String, _ destination: String, _ entry: ContentEntry, _ payload: inout Payload
  ) {
    let isDisowned = entry.disowned.contains { destination.isInside($0) }
    // What base-files owns is not a release's to give another mode or owner.
    guard destination != "/", !isDisowned, !SystemDirectories.all.contains(destination) else { return }
    guard let status = FileSystem.status(directory, followingSymlinks: true) else { return }
    // chmod's X: a tree's mode is meant for its files; a directory that can be read has to be enterable.
    let mode = entry.mode.map { $0 | ($0 & 0o444) >> 2 } ?? payload.mode(status)
    put(content(entry, .directory, at: destination, mode: mode), entry, &payload)
  }
}

/// Directories that exist on every Debian host, with modes of their own.
enum SystemDirectories {
  static let all: Set<String> = [
    "/bin", "/boot", "/etc", "/home", "/lib", "/lib64", "/media", "/mnt", "/opt", "/root", "/sbin", "/srv", "/usr",
    "/usr/bin", "/usr/include", "/usr/lib", "/usr/local", "/usr/sbin", "/usr/share", "/usr/src", "/var", "/var/backups",
    "/var/cache", "/var/lib", "/var/local", "/var/log", "/var/mail", "/var/opt", "/var/spool",
  ]
}
