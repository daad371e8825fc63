import Rehearsal

/// Reports to look at: one that passed, one with every outcome, one full of hostile text.
enum Samples {
  static let old = RehearsalReport.Subject(
    name: "shop", version: "1.3.2", architecture: "amd64", sha256: String(repeating: "a", count: 64), hasWayBack: true)
  static let new = RehearsalReport.Subject(
    name: "shop", version: "1:1.4.0", architecture: "amd64", sha256: String(repeating: "b", count: 64), hasWayBack: true
  )

  static func report(_ scenarios: [ScenarioResult]) -> RehearsalReport {
    RehearsalReport(
      generator: "0.1.0", old: old, new: new, base: "bookworm", seed: 4711, jobs: 8,
      command: ["belay", "rehearse", "shop 1.4.deb", "--from", "old.deb"], began: "2026-11-25T20:47:37Z",
      duration: 41_230, scenarios: scenarios, figures: figures, notTested: ["No network but loopback."])
  }

  static let upgrade = ScenarioResult(
    name: "upgrade", title: "a good upgrade", group: "no fault", outcome: .passed, end: .new, acceptable: [.new],
    state: "committed", duration: 4200, downtime: 800,
    timeline: [
      Moment(at: 0, state: "prepared"), Moment(at: 1200, state: "unpacked"), Moment(at: 3000, state: "committed"),
    ],
    serving: [Span(from: 0, to: 1300), Span(from: 2100, to: 3400)])
  static let returned = ScenarioResult(
    name: "check-2-fails", title: "check 2 'listens' fails", group: "checks", outcome: .passed, end: .old,
    acceptable: [.old, .honest], state: "returned", duration: 9000, downtime: 2600, timeToReturn: 1600,
    timeline: [
      Moment(at: 0, state: "prepared"), Moment(at: 4400, state: "returning"), Moment(at: 6000, state: "returned"),
    ],
    serving: [Span(from: 0, to: 1300), Span(from: 5900, to: 6500)], log: "belay: shop: RETURNED")
  static let failed = ScenarioResult(
    name: "step-1-fails", title: "step 1 fails", group: "steps", outcome: .failed, end: .between,
    acceptable: [.old, .honest], state: "returned",
    sentence: "undo of step 'expand the schema': column orders.vat still exists after undo", key: "steps[0].undo",
    location: "release.yaml:31",
    differences: [Difference("dump 'orders'", ["@@ 1 @@", "-id, total", "+id, total, vat"])], entriesLost: 1)
  static let known = ScenarioResult(
    name: "cut-3", title: "power cut in 'saved'", group: "power", outcome: .known, end: .between, acceptable: [.old],
    sentence: "the unit is left enabled")
  static let skipped = ScenarioResult(
    name: "disk-full", title: "disk full", group: "disk", outcome: .skipped, acceptable: [.old],
    sentence: "no ext4 image can be mounted here")

  static let good = report([upgrade, returned, known, skipped])
  static let bad = report([upgrade, returned, failed, known, skipped])
  static let hostile: RehearsalReport = {
    var scenario = failed
    scenario.name = hostileText
    scenario.title = hostileText
    scenario.group = hostileText
    scenario.sentence = hostileText
    scenario.state = hostileText
    scenario.key = hostileText
    scenario.location = hostileText
    scenario.log = hostileText
    scenario.differences = [Difference(hostileText, ["-" + hostileText, hostileText])]
    scenario.timeline = [Moment(at: 10, state: hostileText)]
    var report = Self.report([scenario, skipped])
    report.base = hostileText
    report.began = hostileText
    report.command = ["belay", hostileText]
    report.notTested = [hostileText]
    report.scenarios[1].name = ""
    report.new.name = hostileText
    report.new.version = hostileText
    return report
  }()

  /// A tag, the ends of a comment, a CDATA section and an attribute (with a mark upon the quote, as Mustache sees one
  /// character there), NUL, ESC, a right-to-left override, a noncharacter, a template's tag.
  static let hostileText =
    "<script>alert(1)</script>]]>--><!--\"\u{338} onload=x '\u{0}\u{1b}[31m\u{202e}\u{fffe}\r\n{{.}}{{{verdict}}}&amp;"

  private static let figures: RehearsalReport.Figures = {
    var figures = RehearsalReport.Figures()
    figures.downtime = 800
    figures.downtimeBudget = 1000
    figures.returnMedian = 1100
    figures.return95 = 1600
    figures.snapshotSize = 212_400_000
    figures.snapshotTime = 1900
    return figures
  }()
}
