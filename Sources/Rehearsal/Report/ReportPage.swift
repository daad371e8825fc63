import Packaging

/// `report.html`: one file that holds all it shows, for a browser without a network and for paper.
public enum ReportPage {
  public static func html(_ report: RehearsalReport) throws(ReportError) -> String {
    try ReportTemplate.page.render(RehearsalPage(report))
  }
}

extension RehearsalPage {
  init(_ report: RehearsalReport) {
    let ids = Self.ids(report.scenarios)
    let drawing = TimelineDrawing(report, ids: ids)
    let order: [ScenarioResult.Outcome] = [.failed, .known]
    self.init(
      subject: "\(report.new.name) \(report.new.version)", verdict: report.verdict,
      verdictClass: report.isPassed ? "good" : "bad", verdictMark: report.isPassed ? "✓" : "✕",
      run: Self.run(report), figures: Self.figures(report.figures),
      causes: report.groups.map { group in
        CauseText(
          causeName: group.name, causeCount: group.scenarios.count,
          scenarios: group.scenarios.map { ScenarioText($0, id: ids[$0.name] ?? "") })
      },
      legend: Self.legend(report.counts), timelines: drawing.timelines,
      axis: drawing.timelines.isEmpty ? [] : drawing.axis, notTested: report.notTested,
      facts: Self.facts(report), command: report.command.map(ShellWord.quoted).joined(separator: " "),
      findingsTitles: Self.findingsTitles(report.counts),
      findings: order.flatMap { outcome in
        report.scenarios.filter { $0.outcome == outcome }.map { FindingText($0, id: ids[$0.name] ?? "") }
      })
  }

  /// Names are fit for an id, or else they get a number.
  static func ids(_ scenarios: [ScenarioResult]) -> [String: String] {
    var ids: [String: String] = [:]
    for (index, scenario) in scenarios.enumerated() where ids[scenario.name] == nil {
      let isPlain = scenario.name.utf8.allSatisfy { byte in
        switch UInt8(byte) {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
          true
        default: false
        }
      }
      ids[scenario.name] = isPlain && !scenario.name.isEmpty ? "scenario-\(scenario.name)" : "scenario.\(index)"
    }
    return ids
  }

  private static func findingsTitles(_ counts: RehearsalReport.Counts) -> [String] {
    if counts.failed > 0 { return ["What is wrong"] }
    return counts.known > 0 ? ["Known to fail"] : []
  }

  private static func run(_ report: RehearsalReport) -> String {
    let counts = report.counts
    var parts = [
      Reading.count(report.scenarios.count, "scenario"), "\(counts.passed) passed", "\(counts.failed) failed",
    ]
    if counts.known > 0 { parts.append("\(counts.known) known") }
    if counts.skipped > 0 { parts.append("\(counts.skipped) skipped") }
    parts.append("\(Reading.moment(report.began)), took \(Reading.time(report.duration))")
    return parts.joined(separator: " · ")
  }

  private static func figures(_ figures: RehearsalReport.Figures) -> [FigureText] {
    let missing = "–"
    let returned = [figures.returnMedian, figures.return95].map { $0.map(Reading.time) ?? missing }
    let wasReturned = figures.returnMedian != nil || figures.return95 != nil
    return [
      downtime(figures, missing: missing),
      FigureText(
        figureName: "Time to return", figureValue: wasReturned ? returned.joined(separator: " / ") : missing,
        figureNote: wasReturned ? "p50 / p95, until the old version serves" : "not measured", figureClass: ""),
      FigureText(
        figureName: "Snapshot", figureValue: figures.snapshotSize.map(Reading.size) ?? missing,
        figureNote: figures.snapshotTime.map { "copied and read back in \(Reading.time($0))" } ?? "not measured",
        figureClass: ""),
      FigureText(
        figureName: "Entries lost", figureValue: "\(figures.entriesLost)",
        figureNote: figures.entriesLost == 0
          ? "nothing of before is missing" : "lines of dumps and files of before",
        figureClass: figures.entriesLost == 0 ? "" : "bad"),
    ]
  }

  private static func downtime(_ figures: RehearsalReport.Figures, missing: String) -> FigureText {
    var text = FigureText(
      figureName: "Downtime of a good upgrade", figureValue: figures.downtime.map(Reading.time) ?? missing,
      figureNote: figures.downtime == nil ? "not measured" : "no budget set", figureClass: "")
    if let budget = figures.downtimeBudget {
      text.figureNote = "budget \(Reading.time(budget))"
      if let downtime = figures.downtime {
        text.figureNote = "\(downtime > budget ? "✕ over" : "✓ within") the budget of \(Reading.time(budget))"
        text.figureClass = downtime > budget ? "bad" : ""
      }
    }
    return text
  }

  private static func facts(_ report: RehearsalReport) -> [FactText] {
    var facts = [fact("New", report.new)]
    if let old = report.old { facts.append(fact("Old", old)) }
    let run = [
      "base \(report.base)", "seed \(report.seed)", "\(Reading.count(report.jobs, "host")) at a time",
      "made by belay \(report.generator)",
    ]
    facts.append(FactText(factName: "Run", factValue: run.joined(separator: " · "), isCode: false))
    return facts
  }

  private static func fact(_ name: String, _ subject: RehearsalReport.Subject) -> FactText {
    let note = subject.hasWayBack ? "" : " (belay is not in it)"
    return FactText(
      factName: name,
      factValue: "\(subject.name) \(subject.version) \(subject.architecture)\(note) sha256:\(subject.sha256)",
      isCode: true)
  }
}
