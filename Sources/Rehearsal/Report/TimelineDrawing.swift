/// The good upgrade above one that came back, on one time scale.
struct TimelineDrawing {
  private let scenarios: [(title: String, scenario: ScenarioResult, id: String)]
  /// What is left of the drawing at its right is for the last time of the axis.
  private static let usable = 96.0
  /// The narrowest drawing that has words in its bands, in pixels, and a letter in it.
  private static let narrowest = 640.0
  private static let letter = 6.5
  /// The last moment of both.
  private let end: Int

  init(_ report: RehearsalReport, ids: [String: String]) {
    let good = report.scenarios.first { $0.name == "upgrade" && $0.hasTimeline }
    let others = report.scenarios.filter { $0.name != "upgrade" && $0.hasTimeline && $0.state != "committed" }
    let bad = others.first { $0.state == "returned" && $0.downtime != nil } ?? others.first
    scenarios = [("Good upgrade", good), (bad?.title ?? "", bad)].compactMap { title, scenario in
      scenario.map { (title, $0, ids[$0.name] ?? "") }
    }
    end = max(1, scenarios.map(\.scenario.lastMoment).max() ?? 1)
  }

  var timelines: [TimelineText] { scenarios.map(timeline) }

  /// At most nine ticks, at round times.
  var axis: [TickText] {
    let steps = [10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000, 300_000, 600_000, 3_600_000]
    let step = steps.first { end / $0 < 9 } ?? end
    return stride(from: 0, through: end, by: step).map { TickText(tickX: percent($0), tickTime: Reading.time($0)) }
  }

  private func timeline(title: String, scenario: ScenarioResult, id: String) -> TimelineText {
    let downtime = scenario.downtime.map { $0 == 0 ? "always answered" : "\(Reading.time($0)) without an answer" }
    let note = [scenario.state, downtime ?? ""].filter { !$0.isEmpty }.joined(separator: " · ")
    let moments = scenario.timeline.map { "\($0.state) \(Reading.time($0.at))" }.joined(separator: " · ")
    return TimelineText(
      timelineTitle: title, timelineNote: note, timelineSpoken: "\(title): \(note)", timelineID: id, moments: moments,
      gaps: Self.gaps(scenario).map { band(from: $0.from, to: $0.to, class: "gap", "no answer") },
      spans: scenario.serving.map { band(from: $0.from, to: $0.to, class: "serving", "answered") },
      states: states(scenario))
  }

  private func states(_ scenario: ScenarioResult) -> [BandText] {
    let moments = scenario.timeline.sorted { $0.at < $1.at }
    let ends = moments.dropFirst().map(\.at) + [scenario.lastMoment]
    return zip(moments, ends).map { moment, end in
      var band = band(from: moment.at, to: end, class: Self.bandClass(of: moment.state), moment.state)
      let room = Double(end - moment.at) / Double(self.end) * Self.usable / 100 * Self.narrowest
      if Double(moment.state.count) * Self.letter + 8 < room { band.bandLabels = [moment.state] }
      return band
    }
  }

  private func band(from: Int, to: Int, class name: String, _ title: String) -> BandText {
    BandText(
      x: percent(from), width: percent(max(0, to - from)), bandClass: name,
      bandTitle: "\(title), \(Reading.time(from)) to \(Reading.time(to))",
      bandLabels: [])
  }

  /// The service was asked from the first answer on, to the end.
  private static func gaps(_ scenario: ScenarioResult) -> [Span] {
    var gaps: [Span] = []
    var at = scenario.serving.first?.from ?? 0
    for span in scenario.serving.sorted(by: { $0.from < $1.from }) {
      if span.from > at { gaps.append(Span(from: at, to: span.from)) }
      at = max(at, span.to)
    }
    if scenario.lastMoment > at { gaps.append(Span(from: at, to: scenario.lastMoment)) }
    return gaps
  }

  /// `12.34%`
  private func percent(_ time: Int) -> String {
    let hundredths = Int((Double(min(max(0, time), end)) / Double(end) * Self.usable * 100).rounded())
    return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)%"
  }

  private static func bandClass(of state: String) -> String {
    switch state {
    case "committed": "new"
    case "returning": "returning"
    case "returned", "refused", "aborted": "old"
    case "stranded", "held", "unproven": "honest"
    default: "forward"
    }
  }
}

extension ScenarioResult {
  fileprivate var hasTimeline: Bool { !timeline.isEmpty }

  fileprivate var lastMoment: Int { max(timeline.map(\.at).max() ?? 0, serving.map(\.to).max() ?? 0) }
}
