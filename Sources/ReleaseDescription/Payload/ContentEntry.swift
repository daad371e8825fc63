import Yams

/// One entry of `contents` as written.
struct ContentEntry {
  enum Kind: String, CaseIterable {
    case file
    case config
    case configNoReplace = "config|noreplace"
    case configMissingOK = "config|missingok"
    case configTree = "config|tree"
    case configNoReplaceTree = "config|noreplace|tree"
    case configMissingOKTree = "config|missingok|tree"
    case directory = "dir"
    case tree
    case symlink
    case ghost
    case doc
    case license
    case licence
    case readme

    /// dpkg has one sort of conffile: all of nFPM's are that.
    var isConfiguration: Bool { rawValue.hasPrefix("config") }
    var isTree: Bool { rawValue.hasSuffix("tree") }
    /// nFPM packs these for rpm alone.
    var isForRpm: Bool { [.ghost, .doc, .license, .licence, .readme].contains(self) }
  }
  var kind = Kind.file
  var source: String?
  var destination: String
  /// The destination was written with a slash at the end: a directory to put a file into.
  var isIntoDirectory: Bool
  var mode: UInt32?
  var owner: String
  var group: String
  var modificationTime: Int?
  /// Destinations below which a tree's directories stay implicit.
  var disowned: [String]
  var position: Position
  var sourcePosition: Position
}

extension Reading {
  private static let packagers = ["deb", "rpm", "apk", "archlinux", "ipk", "srpm", "msix", "termux.deb"]

  /// nil: wrong, or not for a .deb.
  mutating func contentEntry(_ node: Node) -> ContentEntry? {
    let keys = Keys(
      known: ["src", "dst", "type", "packager", "expand", "disown_subtree", "file_info"], nullIsAbsent: true)
    guard let fields = fields(node, "an entry of 'contents'", keys) else { return nil }
    let kind: ContentEntry.Kind = fields["type"].map(\.isEmptyText) == true ? .file : choice(fields, "type") ?? .file
    if let packager = line(fields, "packager"), packager != "deb" {
      if Self.packagers.contains(packager) { return nil }
      let question = Spelling.nearest(to: packager, among: Self.packagers).map { ", did you mean '\($0)'?" } ?? ""
      error("'\(packager.shortened)' is not a packager\(question)", at: fields.position(of: "packager"))
    }
    if kind.isForRpm {
      note("type '\(kind.rawValue)' is for rpm, the entry is not packed", at: fields.position(of: "type"))
      return nil
    }
    let expands = bool(fields, "expand") ?? false
    let source = expands ? expandedLine(fields, "src") : line(fields, "src")
    require(fields, "dst")
    if kind == .directory {
      if source != nil { error("'src' does not belong to a 'dir'", at: fields.position(of: "src")) }
    } else {
      require(fields, "src")
    }
    let written = expands ? expandedLine(fields, "dst") : line(fields, "dst")
    guard let written, let destination = destination(written, at: fields.position(of: "dst")) else { return nil }
    var entry = ContentEntry(
      kind: kind, source: source, destination: destination, isIntoDirectory: written.hasSuffix("/"), owner: "root",
      group: "root", disowned: disowned(fields, kind, below: destination), position: fields.position,
      sourcePosition: fields.position(of: "src"))
    fileInfo(fields, &entry)
    return source == nil && kind != .directory ? nil : entry
  }

  private mutating func destination(_ written: String, at position: Position) -> String? {
    guard let path = hostPath(written, "'dst'", at: position) else { return nil }
    if OwnPaths.all.contains(where: { path.isInside($0) }) {
      error("'\(path)' belongs to belay", at: position)
    } else if ["/var/lib/dpkg", "/var/lib/apt", "/proc", "/sys", "/dev", "/run", "/tmp"].contains(where: {
      path.isInside($0)
    }) {
      error("'\(path)' is no place for a package's files", at: position)
    }
    return path
  }

  private mutating func fileInfo(_ fields: Fields, _ entry: inout ContentEntry) {
    let keys = Keys(known: ["mode", "owner", "group", "mtime", "lang"], nullIsAbsent: true)
    guard let node = fields["file_info"], let info = self.fields(node, "'file_info'", keys) else { return }
    entry.mode = mode(info, "mode")
    if entry.kind == .symlink, entry.mode != nil {
      error("a symlink has no mode of its own", at: info.position(of: "mode"))
    }
    if let owner = user(info, "owner") { entry.owner = owner }
    if let group = user(info, "group") { entry.group = group }
    entry.modificationTime = time(info, "mtime")
    if info["lang"] != nil { note("'lang' is for rpm, it is not used", at: info.position(of: "lang")) }
  }

  private mutating func disowned(
    _ fields: Fields, _ kind: ContentEntry.Kind, below destination: String
  ) -> [String] {
    let entries = lines(fields, "disown_subtree")
    if !kind.isTree, !entries.isEmpty {
      error("'disown_subtree' belongs to trees", at: fields.position(of: "disown_subtree"))
    }
    return entries.compactMap { entry in
      guard let path = hostPath(entry.value, "an entry of 'disown_subtree'", at: entry.position) else { return nil }
      if !path.isInside(destination) {
        error("'\(path)' is not below '\(destination)'", at: entry.position)
      }
      return path
    }
  }
}

extension Node {
  /// `type: ""`, nFPM's long form of a plain file.
  fileprivate var isEmptyText: Bool {
    if case .scalar(let scalar) = self { return scalar.string.isEmpty }
    return false
  }
}
