/// The few settings of a unit file that say where its service keeps data (systemd.exec(5)).
enum UnitFile {
  /// A state directory, or anything opened for writing; caches, logs and run-time directories are not data.
  static func writablePaths(of release: Release) -> [String] {
    var paths: Set<String> = []
    for content in release.contents where content.unitName?.hasSuffix(".service") == true {
      guard case .file(let source) = content.kind, let bytes = FileSystem.bytes(of: source, limit: 1 << 20) else {
        continue
      }
      paths.formUnion(writablePaths(in: String(decoding: bytes, as: UTF8.self)))
    }
    return paths.sorted()
  }

  static func writablePaths(in unit: String) -> [String] {
    var paths: [String] = []
    for line in unit.replacing("\\\n", with: " ").split(separator: "\n") {
      let parts = line.split(separator: "=", maxSplits: 1)
      guard parts.count == 2 else { continue }
      let values = parts[1].split(separator: " ").map { $0.drop { "+-!:".contains($0) } }
      switch parts[0] {
      // `name:link` makes a symlink beside it.
      case "StateDirectory": paths += values.map { "/var/lib/\($0.prefix { $0 != ":" })" }
      case "ReadWritePaths": paths += values.map(String.init)
      default: break
      }
    }
    let excluded = ["/var/log", "/var/cache", "/run", "/tmp", "/var/tmp", "/proc", "/sys", "/dev"]
    return paths.compactMap(\.normalisedPath).filter { path in
      !path.contains("%") && !excluded.contains { path.isInside($0) }
    }
  }
}
