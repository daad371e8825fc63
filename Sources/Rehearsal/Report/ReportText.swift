import Packaging

/// What goes to standard output when a rehearsal is over: the causes and their ends, what is wrong and where to mend
/// it, and one closing line.
public enum ReportText {
  /// - Parameter page: the path of the report page, for the closing line.
  public static func text(_ report: RehearsalReport, page: String) -> String {
    var blocks = report.scenarios.isEmpty ? [] : [table(report), ""]
    blocks += report.scenarios.filter { $0.outcome == .failed }.map { finding($0, word: "FAILED  ") }
    blocks += report.scenarios.filter { $0.outcome == .known }.map { finding($0, word: "known   ") }
    blocks += skipped(report)
    return (blocks + [closing(report, page: page)]).joined(separator: "\n") + "\n"
  }

  private static func finding(_ scenario: ScenarioResult, word: String) -> String {
    let fix = scenario.fix.map { "fix: \(Visible.line($0))        " } ?? ""
    return word + Visible.line(scenario.reason) + "\n        \(fix)look: \(Visible.line(scenario.look))"
  }

  /// One line a reason, however many scenarios share it.
  private static func skipped(_ report: RehearsalReport) -> [String] {
    var order: [String] = []
    var names: [String: [String]] = [:]
    for scenario in report.scenarios where scenario.outcome == .skipped {
      if names[scenario.sentence] == nil { order.append(scenario.sentence) }
      names[scenario.sentence, default: []].append(scenario.name)
    }
    return order.map { sentence in
      let skipped = names[sentence] ?? []
      let list = skipped.prefix(3).joined(separator: ", ") + (skipped.count > 3 ? ", …" : "")
      return "skipped " + Visible.line("\(skipped.count) (\(list))" + (sentence.isEmpty ? "" : ": \(sentence)"))
    }
  }

  private static func closing(_ report: RehearsalReport, page: String) -> String {
    let counts = report.counts
    var parts = ["\(counts.passed) of \(counts.tried) end old, new or honest"]
    if counts.known > 0 { parts.append("\(counts.known) known not to") }
    if counts.skipped > 0 { parts.append("\(counts.skipped) skipped") }
    if let downtime = report.figures.downtime {
      let budget = report.figures.downtimeBudget.map { downtime > $0 ? ", budget \(Reading.time($0))" : "" } ?? ""
      parts.append("downtime of a good upgrade \(Reading.time(downtime))\(budget)")
    }
    if let time = report.figures.return95 { parts.append("time to return p95 \(Reading.time(time))") }
    if report.figures.entriesLost > 0 { parts.append("entries lost \(report.figures.entriesLost)") }
    parts.append("report: \(Visible.line(page))")
    return parts.joined(separator: " · ")
  }

  /// Causes × ends. A column in which nothing is stays away, but for the three ends that are good.
  private static func table(_ report: RehearsalReport) -> String {
    let all = ReportColumn.allCases.filter { column in
      column.isAlwaysShown || report.scenarios.contains(where: column.counts)
    }
    let rows = report.groups.map { group in
      [Visible.line(group.name)] + all.map { column in "\(group.scenarios.filter(column.counts).count)" }
    }
    let lines = [[""] + all.map(\.rawValue)] + rows.map { $0.map { $0 == "0" ? "·" : $0 } }
    let widths = (0...all.count).map { index in lines.map { $0[index].count }.max() ?? 0 }
    return lines.map { line in
      let first = line[0] + String(repeating: " ", count: widths[0] - line[0].count)
      let rest = zip(line, widths).dropFirst().map { String(repeating: " ", count: $1 - $0.count + 2) + $0 }
      return first + rest.joined()
    }.joined(separator: "\n")
  }
}

/// A column of the table: an end, or an outcome that is not an end.
private enum ReportColumn: String, CaseIterable {
  case old, new, absent, removed, purged, honest
  case between = "in between"
  case failed, known, skipped

  var isAlwaysShown: Bool { [.old, .new, .honest].contains(self) }

  func counts(_ scenario: ScenarioResult) -> Bool {
    switch self {
    case .failed, .known, .skipped: scenario.outcome.rawValue == rawValue
    default: scenario.end?.rawValue == rawValue
    }
  }
}
