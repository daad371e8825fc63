/// How a scenario looks on the page: its end is a colour and a sign, its outcome a frame and a sign.
enum ScenarioSign {
  static func squareClass(_ scenario: ScenarioResult) -> String {
    "\(endClass(scenario.end)) \(scenario.outcome.rawValue)"
  }

  static func mark(_ scenario: ScenarioResult) -> String {
    switch scenario.outcome {
    case .failed: "✕"
    case .known: "k"
    case .skipped: "·"
    case .passed: mark(of: scenario.end)
    }
  }

  static func endClass(_ end: ScenarioResult.End?) -> String {
    switch end {
    case .old: "old"
    case .new: "new"
    case .absent, .removed, .purged: "gone"
    case .honest: "honest"
    case .between: "between"
    case nil: "none"
    }
  }

  static func mark(of end: ScenarioResult.End?) -> String {
    switch end {
    case .old: "←"
    case .new: "→"
    case .absent, .removed, .purged: "–"
    case .honest: "!"
    case .between: "≠"
    case nil: "·"
    }
  }
}

extension ScenarioText {
  init(_ scenario: ScenarioResult, id: String) {
    let end = scenario.end.map(\.rawValue) ?? "not tried"
    let state = scenario.state.isEmpty || scenario.end == nil ? "" : " (\(scenario.state))"
    let word = scenario.outcome == .passed ? "" : "\(scenario.outcome.rawValue): "
    self.init(
      id: id, squareClass: ScenarioSign.squareClass(scenario), mark: ScenarioSign.mark(scenario),
      hint: "\(word)\(scenario.title): \(end)\(state)", name: scenario.name, title: scenario.title,
      isOpen: scenario.outcome == .failed, note: Self.note(scenario),
      sentences: scenario.sentence.isEmpty ? [] : [scenario.sentence], facts: Self.facts(scenario),
      differences: scenario.differences.map(DifferenceText.init), look: scenario.look,
      logs: scenario.log.isEmpty ? [] : [scenario.log])
  }

  private static func note(_ scenario: ScenarioResult) -> String {
    guard let end = scenario.end else { return scenario.outcome.rawValue }
    return [scenario.outcome.rawValue, end.rawValue, scenario.state, Reading.time(scenario.duration)]
      .filter { !$0.isEmpty }.joined(separator: " · ")
  }

  private static func facts(_ scenario: ScenarioResult) -> [FactText] {
    let none = "none"
    let allowed = scenario.acceptable.map(\.rawValue).joined(separator: ", ")
    let timeline = scenario.timeline.map { "\($0.state) \(Reading.time($0.at))" }.joined(separator: " · ")
    let facts: [(name: String, value: String?)] = [
      ("Ended", scenario.end.map(\.rawValue) ?? "not tried"), ("Allowed", allowed.isEmpty ? none : allowed),
      ("State", scenario.state.isEmpty ? none : scenario.state),
      ("Downtime", scenario.downtime.map(Reading.time)), ("Time to return", scenario.timeToReturn.map(Reading.time)),
      ("Entries lost", scenario.entriesLost == 0 ? nil : "\(scenario.entriesLost)"), ("Fix", scenario.fix),
      ("States", timeline.isEmpty ? nil : timeline),
    ]
    return facts.compactMap { fact in
      fact.value.map { FactText(factName: fact.name, factValue: $0, isCode: fact.name == "Fix") }
    }
  }
}

extension DifferenceText {
  init(_ difference: Difference) {
    self.init(
      differenceSubject: difference.subject,
      lines: difference.lines.map { line in
        let lineClass =
          switch line.first {
          case "-": "minus"
          case "+": "plus"
          default: "same"
          }
        return DifferenceLineText(lineClass: lineClass, line: line)
      })
  }
}

extension FindingText {
  init(_ scenario: ScenarioResult, id: String) {
    self.init(
      findingID: id, findingClass: scenario.outcome.rawValue,
      findingWord: scenario.outcome == .failed ? "failed" : "known", findingTitle: scenario.title,
      findingSentence: scenario.reason,
      findingFixes: scenario.key == nil && scenario.location == nil
        ? []
        : [FindingFixText(fixKey: scenario.key ?? "", fixLocations: scenario.location.map { [$0] } ?? [])],
      findingLook: scenario.look)
  }
}

extension RehearsalPage {
  /// Only what is on this page, with how often.
  static func legend(_ counts: RehearsalReport.Counts) -> [LegendText] {
    func count(_ ends: ScenarioResult.End...) -> Int { ends.reduce(0) { $0 + (counts.ends[$1] ?? 0) } }
    func text(of end: ScenarioResult.End, _ number: Int, _ words: String) -> (Int, LegendText) {
      let text = LegendText(
        legendClass: "\(ScenarioSign.endClass(end)) passed", legendMark: ScenarioSign.mark(of: end),
        legendText: "\(number) \(words)")
      return (number, text)
    }
    let rows = [
      text(of: .old, count(.old), "old"), text(of: .new, count(.new), "new"),
      text(of: .honest, count(.honest), "honest: a named state that says what to do"),
      text(of: .absent, count(.absent, .removed, .purged), "not there, as asked for"),
      text(of: .between, count(.between), "in between"),
      (counts.failed, LegendText(legendClass: "none failed", legendMark: "✕", legendText: "\(counts.failed) failed")),
      (
        counts.known,
        LegendText(legendClass: "none known", legendMark: "k", legendText: "\(counts.known) known to fail")
      ),
      (
        counts.skipped,
        LegendText(legendClass: "none skipped", legendMark: "·", legendText: "\(counts.skipped) skipped")
      ),
    ]
    return rows.filter { $0.0 > 0 }.map(\.1)
  }
}
