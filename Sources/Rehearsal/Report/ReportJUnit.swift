/// The report as JUnit's XML, which every CI system draws: a suite a cause, a case a scenario.
///
/// Made of a template like the page: FoundationXML needs libxml2, and writes a U+0001 as it is, so that no reader takes
/// the file.
public enum ReportJUnit {
  public static func xml(_ report: RehearsalReport) throws(ReportError) -> String {
    try ReportTemplate.junit.render(JUnitRun(report))
  }
}

/// What the template may name. Every property is mandatory, as Mustache renders a missing name as nothing at all.
struct JUnitRun {
  var runName: String
  var runTests: Int
  var runFailures: Int
  var runSkipped: Int
  var runTime: String
  var suites: [JUnitSuite]

  init(_ report: RehearsalReport) {
    runName = "belay rehearse \(report.new.name) \(report.new.version)"
    runTests = report.scenarios.count
    runFailures = report.counts.failed
    runSkipped = report.counts.skipped + report.counts.known
    // Scenarios run side by side: the run takes less time than its suites.
    runTime = JUnitCase.seconds(report.duration)
    suites = report.groups.map { JUnitSuite(name: $0.name, scenarios: $0.scenarios, timestamp: report.began) }
  }
}

struct JUnitSuite {
  var suiteName: String
  var suiteTests: Int
  var suiteFailures: Int
  var suiteSkipped: Int
  var suiteTime: String
  var timestamp: String
  var cases: [JUnitCase]

  init(name: String, scenarios: [ScenarioResult], timestamp: String) {
    let counts = RehearsalReport.Counts(scenarios)
    suiteName = name
    suiteTests = scenarios.count
    suiteFailures = counts.failed
    suiteSkipped = counts.skipped + counts.known
    suiteTime = JUnitCase.seconds(scenarios.reduce(0) { $0 + $1.duration })
    // Readers of JUnit's form expect it without a zone.
    self.timestamp = timestamp.hasSuffix("Z") ? String(timestamp.dropLast()) : timestamp
    cases = scenarios.map(JUnitCase.init)
  }
}

struct JUnitCase {
  var caseName: String
  var caseTime: String
  var failures: [JUnitFailure]
  var skips: [String]
  var output: [String]

  init(_ scenario: ScenarioResult) {
    caseName = scenario.name
    caseTime = Self.seconds(scenario.duration)
    failures = scenario.outcome == .failed ? [JUnitFailure(scenario)] : []
    skips =
      switch scenario.outcome {
      case .skipped: [scenario.sentence]
      case .known: ["known: \(scenario.reason)"]
      case .passed, .failed: []
      }
    output = scenario.log.isEmpty ? [] : [scenario.log]
  }

  /// `1.042`; of milliseconds.
  static func seconds(_ milliseconds: Int) -> String {
    let thousandths = "\(milliseconds % 1000)"
    return "\(milliseconds / 1000)." + String(repeating: "0", count: 3 - thousandths.count) + thousandths
  }
}

struct JUnitFailure {
  var message: String
  var type: String
  var body: String

  init(_ scenario: ScenarioResult) {
    message = scenario.reason
    type = scenario.end?.rawValue ?? "no end"
    let allowed = scenario.acceptable.map(\.rawValue).joined(separator: ", ")
    var lines = [scenario.title, "ended: \(type); allowed: \(allowed)"]
    if let fix = scenario.fix { lines.append("fix: \(fix)") }
    lines.append("look: \(scenario.look)")
    lines += scenario.differences.flatMap { [$0.subject] + $0.lines.map { "  " + $0 } }
    body = lines.joined(separator: "\n")
  }
}
