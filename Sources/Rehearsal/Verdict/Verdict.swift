import ReleaseDescription

/// Makes what the report says of a scenario out of what its host showed.
struct Verdict: Sendable {
  let scenario: Scenario
  let options: RehearsalOptions
  let old: Subject?
  let new: Subject
  let noise: Noise
  /// End states by the name of the reference scenario.
  let references: [String: Observation]

  func result(of recording: Recording) -> ScenarioResult {
    var result = ScenarioResult(
      name: scenario.name, title: scenario.title, group: scenario.file.group ?? "other", outcome: .passed,
      acceptable: scenario.file.ends.compactMap { ScenarioResult.End(rawValue: $0.rawValue) })
    result.duration = recording.duration
    result.timeline = recording.measurements.timeline
    result.serving = recording.measurements.serving
    result.downtime = recording.measurements.downtime
    result.timeToReturn = recording.measurements.timeToReturn
    result.log = (recording.log + "\n" + recording.measurements.log.suffix(6_000))
    if let missed = recording.missed ?? recording.end.flatMap({ $0["missed"].isEmpty ? nil : $0["missed"] }) {
      result.outcome = .skipped
      result.sentence = "this release's run does not come to '\(missed)'"
      return result
    }
    guard let end = recording.end else {
      result.outcome = .failed
      result.sentence = recording.failure ?? "the host did not answer"
      return result
    }
    let judge = judge(recording)
    result.state = end["display"]
    let reached = end.end(old: old?.version, new: new.version)
    result.end = judge.named(reached)
    var problems = judge.problems(of: end, end: reached)
    problems += special(recording, end, judge)
    result.entriesLost = problems.map(\.entriesLost).reduce(0, +)
    result.differences = problems.flatMap(\.differences)
    guard let first = problems.first else { return result }
    result.outcome = .failed
    result.sentence = problems.map(\.sentence).joined(separator: "; ")
    result.key = first.key ?? problems.compactMap(\.key).first
    result.location = result.key.flatMap(options.location)
    if let known = scenario.file.known {
      result.outcome = .known
      result.sentence = "\(known) (\(result.sentence))"
    }
    return result
  }

  private func judge(_ recording: Recording) -> Judge {
    var ends: [ScenarioResult.End: Observation] = [:]
    for end in [ScenarioResult.End.old, .new] {
      if let name = scenario.reference(for: end), name != scenario.name { ends[end] = references[name] }
    }
    return Judge(
      scenario: scenario, old: old, new: new, start: recording.start, references: ends, noise: noise)
  }

  /// What only some scenarios are asked.
  private func special(_ recording: Recording, _ end: Observation, _ judge: Judge) -> [Problem] {
    var problems: [Problem] = []
    if scenario.file.compares == .undone { problems += comparison(recording, judge) }
    if scenario.name == "upgrade", let start = recording.start {
      problems += losses(from: start, to: end, judge)
      if let budget = new.belay?.downtimeBudget, let downtime = recording.measurements.downtime, downtime > budget {
        problems.append(
          Problem(
            sentence: "the good upgrade is down for \(downtime) ms, the budget is \(budget) ms" + shares(of: end),
            key: "downtime.budget"))
      }
    }
    return problems
  }

  /// What of a downtime was which unit's.
  private func shares(of end: Observation) -> String {
    end.lines.filter { $0.key.hasPrefix("took ") && !$0.value.isEmpty }.sorted { $0.key < $1.key }
      .map { "; \($0.key.dropFirst("took ".count)) took \($0.value)" }.joined()
  }

  /// The undo commands by themselves: what they do not bring back, a restored copy may hide.
  private func comparison(_ recording: Recording, _ judge: Judge) -> [Problem] {
    var differences: [Difference] = []
    var lost = 0
    for (name, before) in recording.saved.sorted(by: { $0.key < $1.key }) {
      let comparison = DataComparison(before, recording.undone[name] ?? [])
      if comparison.isEqual { continue }
      let number = Int(name.dropFirst("dump-".count))
      differences.append(
        Difference(number.map { "dump '\(judge.dumpName($0))'" } ?? "files of the declared paths", comparison.lines))
      if number != nil { lost += comparison.missing.count }
    }
    if differences.isEmpty { return [] }
    let what = differences.map(\.subject).joined(separator: " and ")
    let sentence = scenario.file.means ?? "the undo does not bring back what the step changed"
    return [
      Problem(
        sentence: "\(sentence): \(what) not as before", key: scenario.file.blames, differences: differences,
        entriesLost: 0 * lost)
    ]
  }

  /// The good upgrade may change what is stored, and may not lose any of it.
  private func losses(from start: Observation, to end: Observation, _ judge: Judge) -> [Problem] {
    start.dumps.sorted { $0.key < $1.key }.compactMap { number, lines in
      guard let now = end.dumps[number] else { return nil }
      guard let loss = RowCounts(lines).losses(to: RowCounts(now)).first else { return nil }
      return judge.lostRows(number, loss.table, loss.before, loss.after, "than before the upgrade")
    }
  }
}
