import Glibc
import ReleaseDescription
import Templates

/// The scenarios of one pair of packages: every scenario file, for each item of the release that it is about.
struct Catalogue: Sendable {
  let scenarios: [Scenario]

  /// - Throws: when a scenario file of ours is not good.
  init(old: Subject?, new: Subject) async throws(RehearsalError) {
    var scenarios: [Scenario] = []
    let reader = ScenarioReader(surroundings: Surroundings(variables: [:], directory: "/"))
    for template in Templates.scenarios {
      let outcome = await reader.read(template.bytes, file: template.name)
      guard let file = outcome.scenario else {
        throw .scenario(outcome.findings.map { "\($0)" }.joined(separator: "\n"))
      }
      let base = String(template.name.dropLast(".yaml".count))
      scenarios += Expansion(old: old, new: new).scenarios(of: file, named: base)
    }
    self.scenarios = scenarios
  }

  /// Those that a person named, by shell patterns; none named: all.
  func selected(by patterns: [String]) throws(RehearsalError) -> [Scenario] {
    for pattern in patterns where !scenarios.contains(where: { Pattern(pattern).matches($0.name) }) {
      throw .noScenario(pattern)
    }
    if patterns.isEmpty { return scenarios }
    return scenarios.filter { scenario in patterns.contains { Pattern($0).matches(scenario.name) } }
  }

  /// With the references that these are judged by, which come first.
  func withReferences(_ selected: [Scenario]) -> [Scenario] {
    let names = Set(selected.map(\.name))
    let needed = Set(
      Scenario.references.filter { reference in
        selected.contains { $0.file.start == reference.start && $0.file.ends.contains(reference.end) }
      }.map(\.name))
    let references = scenarios.filter { $0.isReference && (names.contains($0.name) || needed.contains($0.name)) }
    return references + selected.filter { !$0.isReference }
  }
}

/// A pattern of shell(1): `*`, `?` and `[…]`.
struct Pattern: Sendable {
  let text: String
  init(_ text: String) { self.text = text }
  func matches(_ name: String) -> Bool { fnmatch(text, name, 0) == 0 }
}
