/// nFPM's patterns for sources: `*` and `?` within a name, `[a-z]`, `{a,b}`, and `**` over any number of directories.
enum Glob {
  static func isPattern(_ text: String) -> Bool { text.contains { "*?[{".contains($0) } }

  /// All files below a directory, sorted by bytes.
  static func files(below directory: String) -> [String] {
    var files: Set<String> = []
    collect(directory, into: &files)
    return files.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// What matches (nil: too many alternatives), sorted by bytes; a directory that matches stands for all files below it.
  static func files(_ pattern: String, from directory: String) -> [String]? {
    guard let alternatives = braces(pattern) else { return nil }
    var matches: Set<String> = []
    for single in alternatives {
      let root = single.hasPrefix("/") ? "/" : directory
      var parts = single.split(separator: "/").map(String.init)
      if parts.isEmpty { parts = ["."] }
      for match in expand(parts[...], below: root) { matches.insert(match) }
    }
    var files: Set<String> = []
    for match in matches { collect(match, into: &files) }
    return files.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  private static func collect(_ path: String, into files: inout Set<String>) {
    guard FileSystem.status(path, followingSymlinks: false)?.kind == .directory else {
      files.insert(path)
      return
    }
    for name in FileSystem.names(in: path) ?? [] { collect(join(path, name), into: &files) }
  }

  private static func expand(_ parts: ArraySlice<String>, below directory: String) -> [String] {
    guard let part = parts.first else { return [directory] }
    let rest = parts.dropFirst()
    if part == "**" {
      var found = expand(rest.isEmpty ? ["*"] : rest, below: directory)
      for name in FileSystem.names(in: directory) ?? [] {
        let path = join(directory, name)
        if FileSystem.status(path, followingSymlinks: false)?.kind == .directory { found += expand(parts, below: path) }
      }
      return found
    }
    if !isPattern(part) {
      let path = part == "." ? directory : join(directory, part.replacing("\\", with: ""))
      return FileSystem.status(path, followingSymlinks: false) == nil ? [] : expand(rest, below: path)
    }
    return (FileSystem.names(in: directory) ?? []).filter { FileSystem.matches(part, $0) }
      .flatMap { expand(rest, below: join(directory, $0)) }
  }

  static func join(_ directory: String, _ name: String) -> String {
    directory == "/" ? "/\(name)" : "\(directory)/\(name)"
  }

  /// `a{b,c}d` is `abd` and `acd`; nested ones from the inside.
  ///
  /// nil beyond 256: each further pair doubles their number.
  static func braces(_ pattern: String) -> [String]? {
    var finished: [String] = []
    var open = [pattern]
    while let next = open.popLast() {
      if finished.count + open.count >= 256 { return nil }
      guard let close = next.firstIndex(of: "}"), let start = next[..<close].lastIndex(of: "{") else {
        finished.append(next)
        continue
      }
      let choices = next[next.index(after: start)..<close].split(separator: ",", omittingEmptySubsequences: false)
      open += choices.reversed().map { "\(next[..<start])\($0)\(next[next.index(after: close)...])" }
    }
    return finished
  }
}

/// Paths as text.
enum PathText {
  static func directory(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  static func name(of path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

  /// Without `.` and `..`, by text alone.
  static func lexical(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return "/" + parts.joined(separator: "/")
  }

  /// nFPM: what a pattern's destination replaces is the directory of the matches' longest common beginning.
  static func commonDirectory(_ paths: [String]) -> String {
    guard var prefix = paths.first.map({ Array($0.utf8) }) else { return "/" }
    for path in paths.dropFirst() {
      let common = zip(prefix, path.utf8).prefix { $0 == $1 }.count
      prefix = Array(prefix.prefix(common))
    }
    return directory(of: String(decoding: prefix, as: UTF8.self))
  }
}
