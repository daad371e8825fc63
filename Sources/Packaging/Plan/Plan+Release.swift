import ReleaseDescription

extension Plan {
  /// The plan of a release; a package's own is made from the release that was read back from it.
  public init(of release: Release) {
    let belay = release.belay
    self.init(
      package: Package(
        name: release.control.name, version: release.control.version, architecture: release.control.architecture),
      hasWayBack: belay != nil,
      update: belay.map { UpdatePlan(release: release, belay: $0).phases } ?? PlainPlan(release: release).phases,
      fallback: belay.map { FallbackPlan(release: release, belay: $0).phases } ?? [],
      planB: belay.map { ManualPlan(release: release, belay: $0).steps } ?? [],
      protection: belay.map { Describing.protection(of: $0.snapshot) } ?? Protection(protected: [], notProtected: []),
      files: PlannedFile.list(
        release.contents, without: belay == nil ? [] : HostPaths(package: release.control.name).ownFiles),
      scripts: release.scripts.byMoment.map { moment, script in
        PlannedScript(moment: moment, interpreter: script.interpreter, text: script.text)
      },
      contacts: belay?.contacts ?? [])
  }
}

extension UserScripts {
  /// The scripts that exist, in the order in which dpkg first calls them.
  var byMoment: [(String, Script)] {
    [("preinst", preinst), ("postinst", postinst), ("prerm", prerm), ("postrm", postrm)].compactMap { moment, script in
      script.map { (moment, $0) }
    }
  }
}

extension PlannedFile {
  /// A plain directory that only leads to something else is every package's, so it tells nothing.
  static func list(_ contents: [Content], without own: [String]) -> [PlannedFile] {
    let parents = Set((contents.map(\.destination) + own).flatMap(ancestors))
    return contents.filter { content in
      if own.contains(content.destination) { return false }
      guard case .directory = content.kind else { return true }
      let isPlain = content.mode == 0o755 && content.owner == "root" && content.group == "root"
      return !(isPlain && parents.contains(content.destination))
    }
    .map(PlannedFile.init)
    .sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }

  private init(_ content: Content) {
    self.init(
      path: content.destination, kind: .file, mode: Self.digits(content.mode),
      owner: content.owner, group: content.group, target: nil, isConffile: content.isConffile)
    switch content.kind {
    case .file, .text: break
    case .directory: kind = .directory
    case .symlink(let target):
      kind = .symlink
      self.target = target
    }
  }

  static func digits(_ mode: UInt32) -> String {
    let digits = String(mode, radix: 8)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  /// Every directory above the path.
  private static func ancestors(of path: String) -> [String] {
    path.indices.filter { path[$0] == "/" }.map { String(path[..<$0]) }
  }
}
