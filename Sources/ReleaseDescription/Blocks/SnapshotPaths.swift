import Yams

extension Reading {
  private enum Copy: String, CaseIterable { case none }

  mutating func snapshotPath(_ node: Node) -> SnapshotPath? {
    let keys = Keys(known: ["path", "restore_when", "copy", "max_size", "exclude"])
    guard var fields = fields(node, "a path", keys) else { return nil }
    require(fields, "path")
    guard let path = hostPath(fields, "path") else { return nil }
    fields.what = "path '\(path)'"
    let position = fields.position(of: "path")
    if Self.systemPaths.contains(path) || path.isInside("/proc") || path.isInside("/sys") || path.isInside("/dev") {
      error("'\(path)' belongs to the system, a snapshot cannot take it", at: position)
    }
    if path.isInside(OwnPaths.state) {
      error("'\(path)' is where belay keeps its snapshots", at: position)
    }
    let copy: Copy? = choice(fields, "copy")
    let restoreWhen = restoreWhen(fields, isConfiguration: path.isInside("/etc"))
    if copy == Copy.none, let restoreWhen, restoreWhen != .never {
      let message = "\(fields.what) is not copied, so it cannot be restored '\(restoreWhen.rawValue)'"
      error(message, at: fields.position(of: "restore_when"), hint: "write restore_when: never, or remove copy: none")
    }
    let maxSize = size(fields, "max_size")
    if copy == Copy.none {
      for key in ["max_size", "exclude"] where fields[key] != nil {
        error("'\(key)' has no meaning for \(fields.what), which is not copied", at: fields.position(of: key))
      }
    }
    return SnapshotPath(
      path: path, restoreWhen: restoreWhen ?? .never, isCopied: copy == nil, maxSize: maxSize,
      exclude: lines(fields, "exclude").map(\.value))
  }

  /// `restore_when` of a path or dump: has to be said, except below /etc, where it is `always`.
  mutating func restoreWhen(_ fields: Fields, isConfiguration: Bool) -> RestoreWhen? {
    if fields.keyPositions["restore_when"] == nil {
      if isConfiguration { return .always }
      error("'restore_when' is missing for \(fields.what) (always | unopened | never)", at: fields.position)
      return nil
    }
    return choice(fields, "restore_when")
  }

  /// A swap of the outer directory would take the inner one with it, whatever is said about that.
  mutating func pathsDoNotOverlap(_ snapshot: ReadSnapshot) {
    for (index, path) in snapshot.value.paths.enumerated() {
      for earlier in snapshot.value.paths[..<index] {
        if path.path == earlier.path {
          error("two paths are '\(path.path)'", at: snapshot.pathPositions[index])
        } else if path.path.isInside(earlier.path) || earlier.path.isInside(path.path) {
          let message = "paths '\(earlier.path)' and '\(path.path)' are one inside the other"
          error(message, at: snapshot.pathPositions[index], hint: "name the outer one, with 'exclude' where needed")
        }
      }
    }
  }

  private static let systemPaths: Set<String> = [
    "/", "/bin", "/boot", "/dev", "/etc", "/home", "/lib", "/lib64", "/proc", "/root", "/run", "/sbin", "/sys", "/tmp",
    "/usr", "/var", "/var/lib", "/var/lib/dpkg", "/var/lib/apt", "/var/cache", "/var/log",
  ]
}
