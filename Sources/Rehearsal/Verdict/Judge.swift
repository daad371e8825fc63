import ReleaseDescription

/// Decides whether a scenario ended old, new or honest with nothing lost, and says what is wrong otherwise.
struct Judge: Sendable {
  let scenario: Scenario
  let old: Subject?
  let new: Subject
  /// What the scenario's own preparations had made of the host; nil: they did nothing.
  let start: Observation?
  /// What the ends are compared with, by the end.
  let references: [ScenarioResult.End: Observation]
  let noise: Noise

  /// All problems of a host that ended like this; the gravest first.
  func problems(of found: Observation, end: ScenarioResult.End) -> [Problem] {
    var problems: [Problem] = []
    if let problem = wrongEnd(found, end) { problems.append(problem) }
    if end == .honest { problems += dishonesty(found) }
    if end == .old, scenario.file.compares != .nothing { problems += oldEnd(found) }
    if end == .new, scenario.file.compares != .nothing { problems += newEnd(found) }
    problems += findings(found)
    if !found["processes"].isEmpty {
      problems.append(
        Problem(
          sentence: "a process is left behind: \(found["processes"])",
          key: new.scripts.postinst == nil ? nil : "scripts.postinstall",
          differences: []))
    }
    if end == .old || end == .new, !found["journal"].isEmpty {
      problems.append(Problem(sentence: "dpkg's journal is dirty: \(found["journal"])"))
    }
    return problems
  }

  /// What the scenario itself found: a key, or `-`, and a sentence a line.
  private func findings(_ found: Observation) -> [Problem] {
    found["finding"].split(separator: "|").map { line in
      let words = line.split(separator: " ", maxSplits: 1).map(String.init)
      let sentence = words.last ?? ""
      if words.first != "-" { return Problem(sentence: sentence, key: words.first) }
      return Problem(sentence: sentence, key: leftConffile([sentence]) == nil ? nil : "contents")
    }
  }

  // MARK: - Ends

  /// As this scenario calls it: what is gone after a purge is purged.
  func named(_ end: ScenarioResult.End) -> ScenarioResult.End {
    end == .absent && scenario.file.ends.contains(.purged) ? .purged : end
  }

  private func wrongEnd(_ found: Observation, _ end: ScenarioResult.End) -> Problem? {
    let isAccepted = scenario.file.ends.contains { $0.rawValue == named(end).rawValue }
    let states = scenario.file.states
    if isAccepted, states.isEmpty || states.contains(found["display"]) { return nil }
    let reached = "it ended \(end.rawValue)" + (found["display"].isEmpty ? "" : " (\(found["display"]))")
    let wanted = states.isEmpty ? scenario.file.ends.map(\.rawValue) : states
    let why = reasons(found)
    let key = scenario.file.blames ?? blamed(for: why)
    let sentence =
      scenario.file.means.map { "\($0): \(why.isEmpty ? reached : why)" }
      ?? "\(reached), not \(wanted.joined(separator: " or "))" + (why.isEmpty ? "" : ": \(why)")
    return Problem(sentence: sentence, key: key)
  }

  /// What belay, apt and the units said about it.
  private func reasons(_ found: Observation) -> String {
    var parts = [found["stuck"], found["why"]].filter { !$0.isEmpty }
    parts += found.lines.filter { $0.key.hasPrefix("said ") && !$0.value.isEmpty }.sorted { $0.key < $1.key }
      .map { "\($0.key.dropFirst("said ".count)) says: \($0.value)" }
    if let path = leftConffile(parts) {
      parts.append("'\(path)' is a conffile that only \(new.version) ships: dpkg leaves it behind")
    }
    return parts.joined(separator: "; ")
  }

  /// Invariant 3: a state that is not an end says the next command, keeps its copies, and lets others work.
  private func dishonesty(_ found: Observation) -> [Problem] {
    var problems: [Problem] = []
    if found["next"].isEmpty || found["next"] == "nothing" {
      problems.append(Problem(sentence: "belay says '\(found["display"])' and no next command"))
    }
    if !["2", "3"].contains(found["status"]) {
      problems.append(Problem(sentence: "status ends with \(found["status"]) although a person is needed"))
    }
    if !found["copies"].isEmpty, scenario.file.compares != .damaged {
      problems.append(Problem(sentence: "what would be put back is not intact: \(found["copies"])"))
    }
    if !found["other"].hasSuffix(" installed") {
      problems.append(Problem(sentence: "apt cannot install other packages any more: \(found["other"])"))
    }
    return problems
  }

  // MARK: - Old

  private func oldEnd(_ found: Observation) -> [Problem] {
    var problems: [Problem] = []
    let before = start ?? references[.old]
    guard let before else { return [] }
    problems += differentLines(found, before, exempt: [])
    problems += differentDumps(found, before)
    problems += differentFiles(found, before, exempt: [], isExact: true)
    // In a probation it is taken back when apt has long ended.
    let failsLater = scenario.file.faults.contains { $0.hasPrefix("watched-") }
    let saysSo = found["display"] == "returned" || found["display"] == "refused"
    if scenario.file.run == .apt, !failsLater, saysSo, found["act"] == "0" {
      problems.append(Problem(sentence: "apt-get ended with 0 although the update was \(found["display"])"))
    }
    return problems
  }

  // MARK: - New

  private func newEnd(_ found: Observation) -> [Problem] {
    guard let expected = references[.new] else { return [] }
    var problems = scenario.file.compares == .repeated ? repeatedDumps(found, expected) : []
    problems += differentLines(found, expected, exempt: arrangedLines)
    if let start { problems += differentLines(found, start, only: arrangedLines) }
    for (number, lines) in expected.dumps.sorted(by: { $0.key < $1.key }) {
      let losses = RowCounts(lines).losses(to: RowCounts(found.dumps[number] ?? []))
      if let loss = losses.first {
        problems.append(lostRows(number, loss.table, loss.before, loss.after, "than after the good upgrade"))
      }
    }
    problems += differentFiles(found, expected, exempt: arrangedFiles, isExact: false)
    // Whatever is other than after one run, the second run did it.
    if scenario.file.compares == .repeated, let means = scenario.file.means, let first = problems.first {
      problems[0].sentence = "\(means): \(first.sentence)"
      problems[0].key = scenario.file.blames
    }
    return problems
  }

  func lostRows(_ number: Int, _ table: String, _ before: Int, _ after: Int, _ than: String) -> Problem {
    let what = table == "lines" ? "lines" : "rows in \(table)"
    return Problem(
      sentence: "dump '\(dumpName(number))' has \(after) \(what), \(before - after) fewer \(than)", key: stepKey,
      entriesLost: before - after)
  }

  /// The one step that could have done it; nil: several, or none.
  var stepKey: String? {
    let steps = new.belay?.steps ?? []
    if steps.isEmpty { return nil }
    return steps.count == 1 ? "steps[0].run" : "steps"
  }

  func dumpName(_ number: Int) -> String {
    let dumps = new.belay?.snapshot.dumps ?? []
    return dumps.indices.contains(number - 1) ? dumps[number - 1].name : "\(number)"
  }

  /// What the preparations changed differs from a good upgrade for that reason.
  private var arrangedLines: Set<String> {
    guard let start, let control = references[.old] else { return [] }
    return Set(Self.compared(start, control).filter { start[$0] != control[$0] })
  }

  private var arrangedFiles: Set<String> { Set(start?.changes.files.keys.map { $0 } ?? []) }
}
