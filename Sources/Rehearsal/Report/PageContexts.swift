/// What the page's template may name. Every property is mandatory, as Mustache renders a missing name as nothing at
/// all; what may be missing is a list with one element or none. Class names are ours, never a value from outside.
struct RehearsalPage {
  var subject: String
  var verdict: String
  var verdictClass: String
  var verdictMark: String
  var run: String
  var figures: [FigureText]
  var causes: [CauseText]
  var legend: [LegendText]
  var timelines: [TimelineText]
  var axis: [TickText]
  var notTested: [String]
  var facts: [FactText]
  var command: String
  var findingsTitles: [String]
  var findings: [FindingText]
}

struct FigureText {
  var figureName: String
  var figureValue: String
  var figureNote: String
  var figureClass: String
}

struct LegendText {
  var legendClass: String
  var legendMark: String
  var legendText: String
}

/// The scenarios of one cause: the squares of the strip, and their details further down.
struct CauseText {
  var causeName: String
  var causeCount: Int
  var scenarios: [ScenarioText]
}

struct ScenarioText {
  var id: String
  var squareClass: String
  var mark: String
  /// `check 2 fails: old (returned), 1.6 s`.
  var hint: String
  var name: String
  var title: String
  var isOpen: Bool
  /// Outcome, end, state, duration.
  var note: String
  var sentences: [String]
  var facts: [FactText]
  var differences: [DifferenceText]
  var look: String
  var logs: [String]
}

struct FactText {
  var factName: String
  var factValue: String
  var isCode: Bool
}

struct DifferenceText {
  var differenceSubject: String
  var lines: [DifferenceLineText]
}

struct DifferenceLineText {
  var lineClass: String
  var line: String
}

struct FindingText {
  var findingID: String
  var findingClass: String
  var findingWord: String
  var findingTitle: String
  var findingSentence: String
  var findingFixes: [FindingFixText]
  var findingLook: String
}

struct FindingFixText {
  var fixKey: String
  var fixLocations: [String]
}

/// The bands of one scenario; places and widths are per cent of the drawing.
struct TimelineText {
  var timelineTitle: String
  var timelineNote: String
  var timelineSpoken: String
  var timelineID: String
  /// Every state and when it began.
  var moments: String
  var gaps: [BandText]
  var spans: [BandText]
  var states: [BandText]
}

struct BandText {
  var x: String
  var width: String
  var bandClass: String
  var bandTitle: String
  /// The title again, where there is room for it.
  var bandLabels: [String]
}

struct TickText {
  var tickX: String
  var tickTime: String
}
