import ReleaseDescription

/// One thing that is tried on one host: a scenario file, filled in for one item of the release.
struct Scenario: Sendable {
  /// Unique: the file's name, and the item's number or point.
  let name: String
  let title: String
  /// Its placeholders filled in.
  let file: ScenarioFile
  /// For the scripts inside: `n`, `name`, `unit`, `path`, `point`, `value`.
  let variables: [String: String]

  /// Others are judged by where these end, so they run first.
  static let references: [(start: ScenarioFile.Start, end: ScenarioFile.End, name: String)] = [
    (.old, .old, "control"), (.old, .new, "upgrade"), (.foreign, .old, "control-foreign"),
    (.foreign, .new, "upgrade-foreign"), (.nothing, .new, "install"),
  ]

  var isReference: Bool { Self.references.contains { $0.name == name } }

  /// The reference for an end of this scenario.
  func reference(for end: ScenarioResult.End) -> String? {
    Self.references.first { $0.start == file.start && $0.end.rawValue == end.rawValue }?.name
  }
}
