/// What a host looks like at one moment.
struct Observation: Sendable {
  /// What `stage.sh` said of packages, units, ports and belay, by key.
  var lines: [String: String] = [:]
  var changes = Changes()
  /// Content of the dumps, by their number from 1; nil: it could not be dumped.
  var dumps: [Int: [String]] = [:]

  subscript(key: String) -> String { lines[key] ?? "" }

  /// - Parameter output: lines of a key, a tab and a value.
  init(_ output: String, changes: Changes = Changes(), dumps: [Int: [String]] = [:]) {
    for line in output.split(separator: "\n") {
      let fields = line.split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false)
      if fields.count == 2 { lines[String(fields[0])] = String(fields[1]) }
    }
    self.changes = changes
    self.dumps = dumps
  }

  /// `installed 1.2.0`, or empty.
  var package: String { self["package"] }

  /// Where a host with this package ended, as far as dpkg and belay say it themselves.
  func end(old: String?, new: String) -> ScenarioResult.End {
    if !self["stuck"].isEmpty { return .between }
    switch self["display"] {
    case "held", "stranded", "owed", "unproven": return .honest
    case "running": return .between
    default: break
    }
    let words = package.split(separator: " ").map(String.init)
    switch words.first {
    case nil, "not-installed": return .absent
    case "config-files": return .removed
    case "installed" where words.last == old: return .old
    // The release after it, where a scenario installs that as well.
    case "installed" where words.last == new || words.last == new + Repository.nextSuffix: return .new
    default: return .between
    }
  }
}
