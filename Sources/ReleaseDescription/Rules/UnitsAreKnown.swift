extension Reading {
  /// A unit that the package does not ship is a slip of the pen, or somebody else's.
  mutating func unitsAreKnown(_ belay: ReadBelay, _ contents: [Content]) {
    let shipped = Set(contents.compactMap(\.unitName))
    for service in belay.services where !shipped.contains(service.value.unit) {
      let near = Spelling.nearest(to: service.value.unit, among: shipped.sorted())
      let hint = near.map { "did you mean '\($0)'?" } ?? "a unit file belongs to /usr/lib/systemd/system"
      warning("unit '\(service.value.unit)' is not among the contents", at: service.position, hint: hint)
    }
    let known = shipped.union(belay.services.map(\.value.unit))
    for check in belay.checks {
      guard case .unit(let unit, _) = check.value.kind, !known.contains(unit) else { continue }
      // Checking a stranger's unit is fine (a database's); one that is nearly ours is not.
      guard let near = Spelling.nearest(to: unit, among: known.sorted()) else { continue }
      warning("unit '\(unit)' is not among the contents, did you mean '\(near)'?", at: check.position)
    }
  }
}

extension Content {
  /// The unit that this entry is the file of.
  var unitName: String? {
    let folders = ["/usr/lib/systemd/system/", "/lib/systemd/system/", "/etc/systemd/system/"]
    guard let folder = folders.first(where: { destination.hasPrefix($0) }) else { return nil }
    let name = String(destination.dropFirst(folder.count))
    return name.contains("/") || !name.contains(".") ? nil : name
  }
}
