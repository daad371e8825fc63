import Yams

/// Reads a scenario file: YAML as written into the scenario as meant, or everything that is wrong with it.
public struct ScenarioReader: Sendable {
  public let surroundings: Surroundings

  public init(surroundings: Surroundings) { self.surroundings = surroundings }

  public struct Outcome: Sendable {
    /// nil exactly when a finding is an error.
    public var scenario: ScenarioFile?
    /// In the order of the file.
    public var findings: [Finding]
  }

  /// `file` is for the findings.
  public func read(_ bytes: [UInt8], file: String) async -> Outcome {
    var reading = Reading(file: file, surroundings: surroundings, subject: "scenario")
    let scenario = reading.document(bytes).flatMap { reading.scenario($0) }
    await reading.checkSnippets()
    return Outcome(scenario: reading.hasErrors ? nil : scenario, findings: reading.sortedFindings)
  }
}

extension Reading {
  private static let scenarioKeys = [
    "title", "group", "each", "points", "values", "when", "start", "disk", "run", "arrange", "faults", "at", "do",
    "after", "ends", "states", "measures", "compares", "means", "blames", "known", "plain", "timeout",
  ]
  private static let placeholders = ["n", "name", "point", "value"]

  fileprivate mutating func scenario(_ root: Node) -> ScenarioFile? {
    guard let fields = fields(root, "the scenario", Keys(known: Self.scenarioKeys)) else { return nil }
    require(fields, "title")
    require(fields, "ends", hint: "a list of \(ScenarioFile.End.allCases.map(\.rawValue).joined(separator: " | "))")
    var scenario = ScenarioFile(title: title(fields) ?? "", ends: ends(fields))
    scenario.group = line(fields, "group")
    repetition(fields, &scenario)
    if let start: ScenarioFile.Start = choice(fields, "start") { scenario.start = start }
    if let hasDisk = bool(fields, "disk") { scenario.hasDisk = hasDisk }
    if let run = run(fields) { scenario.run = run }
    scenario.arrange = command(fields, "arrange")
    scenario.faults = lines(fields, "faults").map(\.value)
    action(fields, &scenario)
    scenario.after = command(fields, "after")
    scenario.states = states(fields)
    if let measures = bool(fields, "measures") { scenario.measures = measures }
    scenario.compares = choice(fields, "compares")
    scenario.means = prose(fields, "means")
    scenario.blames = prose(fields, "blames")
    scenario.known = prose(fields, "known")
    if let isPlain = bool(fields, "plain") { scenario.isPlain = isPlain }
    if let timeout = duration(fields, "timeout", atLeast: 1) { scenario.timeout = timeout }
    return scenario
  }

  private mutating func title(_ fields: Fields) -> String? {
    guard let title = line(fields, "title") else { return nil }
    for match in title.matches(of: /\{([^{}]*)\}/) where !Self.placeholders.contains(String(match.1)) {
      let hint = "one of \(Self.placeholders.map { "{\($0)}" }.joined(separator: " "))"
      error("'title' cannot hold '{\(String(match.1).shortened)}'", at: fields.position(of: "title"), hint: hint)
    }
    return title
  }

  /// `each`, and the lists that go with two of its words.
  private mutating func repetition(_ fields: Fields, _ scenario: inout ScenarioFile) {
    scenario.each = choice(fields, "each")
    scenario.points = repeated(fields, "points", for: .point, scenario.each)
    scenario.values = repeated(fields, "values", for: .value, scenario.each)
    scenario.when = lines(fields, "when").map(\.value)
  }

  private mutating func repeated(
    _ fields: Fields, _ key: String, for owner: ScenarioFile.Each, _ each: ScenarioFile.Each?
  ) -> [String] {
    if each == owner {
      require(fields, key)
    } else if let position = fields.keyPositions[key] {
      error("'\(key)' belongs to scenarios with 'each: \(owner.rawValue)'", at: position)
    }
    return once(lines(fields, key), "an entry of '\(key)'")
  }

  private mutating func run(_ fields: Fields) -> ScenarioFile.Run? {
    switch word(fields, "run") {
    case "apt": return .apt
    case "dpkg": return .dpkg
    case "none": return .nothing
    default: return command(fields, "run").map(ScenarioFile.Run.shell)
    }
  }

  /// `at` and `do`: neither says anything without the other.
  private mutating func action(_ fields: Fields, _ scenario: inout ScenarioFile) {
    for (key, other) in [("at", "do"), ("do", "at")] where fields.keyPositions[other] == nil {
      guard let position = fields.keyPositions[key] else { continue }
      error("'\(key)' says nothing without '\(other)'", at: position)
    }
    scenario.at = prose(fields, "at")
    switch word(fields, "do") {
    case "cut": scenario.action = .cut
    case "kill": scenario.action = .kill
    default: scenario.action = command(fields, "do").map(ScenarioFile.Action.shell)
    }
  }

  private mutating func ends(_ fields: Fields) -> [ScenarioFile.End] {
    var ends: [Located<String>] = []
    for node in items(fields, "ends") {
      guard let end: ScenarioFile.End = choice(node, "an entry of 'ends'") else { continue }
      ends.append(Located(value: end.rawValue, position: node.position))
    }
    return once(ends, "an entry of 'ends'").compactMap(ScenarioFile.End.init)
  }

  private mutating func states(_ fields: Fields) -> [String] {
    let states = lines(fields, "states")
    for state in states where state.value.wholeMatch(of: /[a-z][a-z_\-]*/) == nil {
      error("'\(state.value.shortened)' is not the name of a state", at: state.position)
    }
    return once(states, "an entry of 'states'")
  }

  /// What is written twice in a list is a slip: one of the two was meant to be another.
  private mutating func once(_ entries: [Located<String>], _ what: String) -> [String] {
    var result: [String] = []
    for entry in entries {
      if result.contains(entry.value) {
        error("\(what) is given twice: '\(entry.value.shortened)'", at: entry.position)
      } else {
        result.append(entry.value)
      }
    }
    return result
  }

  /// A scalar's text where a word of ours may stand for a command; wrong ones are left to `command`.
  private func word(_ fields: Fields, _ key: String) -> String? {
    guard case .scalar(let scalar) = fields[key] else { return nil }
    return scalar.string
  }

  /// Text for people, of one or more lines, without the line ends that YAML's blocks leave behind it.
  private mutating func prose(_ fields: Fields, _ key: String) -> String? {
    guard let text = text(fields, key) else { return nil }
    if text.allSatisfy(\.isWhitespace) { error("'\(key)' is empty", at: fields.position(of: key)) }
    return String(text.reversed().drop(while: \.isWhitespace).reversed())
  }
}
