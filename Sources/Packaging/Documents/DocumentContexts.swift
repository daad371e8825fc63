/// What the templates may name. Every property is mandatory, as Mustache renders a missing name as nothing at all;
/// the test `everyTagIsAProperty` compares the templates with these types.
struct PlanPage {
  var title: String
  var subject: String
  var intro: [String]
  var phases: [PhaseText]
  var sections: [SectionText]
}

struct PhaseText {
  var phaseNumber: Int
  var phaseTitle: String
  var phaseNote: [String]
  var operations: [OperationText]
}

struct OperationText {
  var number: String
  var kind: String
  var what: String
  var whatMore: [String]
  var commands: [CommandText]
  var back: String
  var backMore: [String]
}

struct CommandText {
  var label: String
  var lines: [String]
  /// Longer than any run of backticks in the lines.
  var fence: String
}

struct SectionText {
  var heading: String
  var items: [String]
  var codes: [CommandText]
}

struct ManualPage {
  var override: String
  var subject: String
  var intro: [String]
  var steps: [ManualStepText]
  /// The whole text form, for a form that shows it as it is.
  var code: [String]
  var fence: String
}

struct ManualStepText {
  var stepNumber: Int
  var stepTitle: String
  var lines: [String]
}

struct HostManualPage {
  var package: String
  var upper: String
  var version: String
  var date: String
  var state: String
  var documents: String
  var hook: String
  var unit: String
  var bootUnit: String
  var deferredUnit: String
}
