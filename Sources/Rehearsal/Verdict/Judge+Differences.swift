import ReleaseDescription

extension Judge {
  // MARK: - What programs say

  /// Keys that have to be equal, in order.
  static func compared(_ one: Observation, _ other: Observation) -> [String] {
    let fixed = ["packages", "installed", "selection", "auto", "conffiles", "verify", "failed", "drop-ins", "ports"]
    let units = Set(one.lines.keys).union(other.lines.keys).filter { $0.hasPrefix("unit ") }
    return fixed + units.sorted()
  }

  private static let subjects = [
    "packages": "packages that dpkg does not call installed", "installed": "the set of installed packages",
    "selection": "the hold", "auto": "the mark 'automatically installed'", "conffiles": "dpkg's list of conffiles",
    "verify": "files that are not those of the package", "failed": "failed units", "drop-ins": "units of belay",
    "ports": "listening ports",
  ]

  func differentLines(
    _ found: Observation, _ expected: Observation, exempt: Set<String> = [], only: Set<String>? = nil
  ) -> [Problem] {
    let keys = Self.compared(found, expected).filter { key in
      found[key] != expected[key] && !exempt.contains(key) && only?.contains(key) != false
    }
    guard !keys.isEmpty else { return [] }
    let differences = keys.map { key in
      Difference(
        Self.subjects[key] ?? key,
        DataComparison(Self.parts(expected[key]), Self.parts(found[key])).lines)
    }
    let subjects = differences.map(\.subject).joined(separator: ", ")
    return [Problem(sentence: "not as before: \(subjects)", differences: differences)]
  }

  private static func parts(_ value: String) -> [String] {
    value.split(separator: "|").map(String.init).filter { !$0.isEmpty }
  }

  // MARK: - Dumps

  func differentDumps(_ found: Observation, _ expected: Observation) -> [Problem] {
    expected.dumps.sorted { $0.key < $1.key }.compactMap { number, lines in
      guard let now = found.dumps[number] else {
        return Problem(
          sentence: "dump '\(dumpName(number))' cannot be made any more", key: "snapshot.dumps[\(number - 1)]",
          entriesLost: lines.count)
      }
      let comparison = DataComparison(lines, now)
      if comparison.isEqual || mayStay(number) { return nil }
      return Problem(
        sentence: "dump '\(dumpName(number))' is not as before the update", key: "snapshot.dumps[\(number - 1)]",
        differences: [Difference("dump '\(dumpName(number))'", comparison.lines)],
        entriesLost: comparison.missing.count)
    }
  }

  /// A second run may change nothing. The moment at which it ran and a random name are no difference.
  func repeatedDumps(_ found: Observation, _ expected: Observation) -> [Problem] {
    expected.dumps.sorted { $0.key < $1.key }.compactMap { number, lines in
      let comparison = DataComparison(lines, found.dumps[number] ?? [])
      if comparison.isEqualButForTimes { return nil }
      return Problem(
        sentence: "dump '\(dumpName(number))' is not as after one run", key: scenario.file.blames,
        differences: [Difference("dump '\(dumpName(number))'", comparison.lines)])
    }
  }

  /// The description says that what users wrote to the new version stays.
  private func mayStay(_ number: Int) -> Bool {
    let dumps = new.belay?.snapshot.dumps ?? []
    return dumps.indices.contains(number - 1) && dumps[number - 1].restoreWhen != .always
  }

  // MARK: - Files

  /// - Parameter isExact: declared data that the reference did not touch has to be as before.
  func differentFiles(
    _ found: Observation, _ expected: Observation, exempt: Set<String>, isExact: Bool
  ) -> [Problem] {
    let paths = Set(found.changes.files.keys).union(expected.changes.files.keys).subtracting(exempt).sorted()
    var differences: [Difference] = []
    var undeclared: [String] = []
    var lost = 0
    for path in paths where !isCoveredByParent(path, found, expected) {
      let now = found.changes[path]
      let then = expected.changes[path]
      if noise.isData(path) {
        let missing = lostLines(now, then)
        lost += missing.count
        let isTouched = isExact && then == nil && now != nil && !mayChange(path)
        if !missing.isEmpty || isTouched {
          differences.append(Difference("file \(path)", Self.diff(now, missing)))
        }
      } else if now?.now != then?.now, isExact || !isSameButForTimes(now, then) {
        differences.append(
          Difference("file \(path)", ["-\(then?.now.phrase ?? "as before")", "+\(now?.now.phrase ?? "as before")"]))
        undeclared.append(path)
      }
    }
    guard let first = differences.first else { return [] }
    // A file says more than the directory that it came with.
    let named = undeclared.first { path in
      [found, expected].contains { $0.changes[path]?.now.kind == .file }
    }
    let sentence =
      (named ?? undeclared.first).map { path in
        let others = undeclared.count > 1 ? ", with \(undeclared.count - 1) more" : ""
        if !isExact { return "'\(path)' is not as after the good upgrade\(others)" }
        return "'\(path)' is changed and not brought back\(others)"
          + ": neither a package, nor an undo, nor the snapshot knows it"
      } ?? "\(first.subject) is not as before"
    let key = isExact && new.belay != nil ? "snapshot" : scenario.file.blames
    return [Problem(sentence: sentence, key: key, differences: Array(differences.prefix(20)), entriesLost: lost)]
  }

  /// Both runs wrote it, each at its own moment.
  private func isSameButForTimes(_ one: Change?, _ other: Change?) -> Bool {
    guard var one = one?.now, var other = other?.now, let lines = one.lines, let others = other.lines else {
      return false
    }
    guard DataComparison(lines, others).isEqualButForTimes else { return false }
    (one.content, one.lines, one.size) = ("", nil, 0)
    (other.content, other.lines, other.size) = ("", nil, 0)
    return one == other
  }

  /// Its directory is already said to differ in being there.
  private func isCoveredByParent(_ path: String, _ found: Observation, _ expected: Observation) -> Bool {
    guard let slash = path.lastIndex(of: "/") else { return false }
    let parent = String(path[..<slash])
    return found.changes[parent]?.now.kind == .absent && expected.changes[parent]?.now.kind != .absent
  }

  /// Lines that a file of the declared data had and has no more, and that the reference did not lose as well.
  private func lostLines(_ now: Change?, _ then: Change?) -> [String] {
    let gone = { (change: Change?) -> [String] in
      guard let change, let before = change.before.lines else { return [] }
      return DataComparison(before, change.now.lines ?? []).missing.filter { !$0.isEmpty }
    }
    return DataComparison(gone(now), gone(then)).missing
  }

  private static func diff(_ change: Change?, _ missing: [String]) -> [String] {
    guard let change else { return [] }
    guard let before = change.before.lines, let now = change.now.lines else {
      return ["-\(change.before.phrase)", "+\(change.now.phrase)"]
    }
    let comparison = DataComparison(before, now)
    if comparison.isEqual { return ["-\(change.before.phrase)", "+\(change.now.phrase)"] }
    return missing.isEmpty ? comparison.lines : DataComparison.shortened(missing.map { "-\($0)" })
  }

  /// The description lets what was written to it stay after the release was opened.
  private func mayChange(_ path: String) -> Bool {
    let paths = new.belay?.snapshot.paths ?? []
    return paths.contains { Noise.isWithin(path, $0.path) && $0.restoreWhen != .always }
  }
}
