extension RehearsalReport {
  /// How many scenarios ended how.
  public struct Counts: Sendable, Equatable {
    public var passed = 0
    public var failed = 0
    public var known = 0
    public var skipped = 0
    /// Of those that were tried.
    public var ends: [ScenarioResult.End: Int] = [:]

    /// Those that could be tried.
    public var tried: Int { passed + failed + known }

    public init(_ scenarios: [ScenarioResult]) {
      for scenario in scenarios {
        switch scenario.outcome {
        case .passed: passed += 1
        case .failed: failed += 1
        case .known: known += 1
        case .skipped: skipped += 1
        }
        if let end = scenario.end { ends[end, default: 0] += 1 }
      }
    }
  }

  public var counts: Counts { Counts(scenarios) }

  /// Nothing failed, and something was tried: a rehearsal that tried nothing proves nothing.
  public var isPassed: Bool { counts.failed == 0 && counts.passed > 0 }

  /// One sentence, for the head of the page.
  public var verdict: String {
    let counts = counts
    let subject = "\(new.name) \(new.version)"
    if counts.tried == 0 { return "\(subject) is not proved: no scenario was tried." }
    if counts.failed > 0 {
      return "\(subject) does not pass: \(counts.failed) of \(counts.tried) scenarios"
        + " \(counts.failed == 1 ? "fails" : "fail")."
    }
    if counts.passed == 0 { return "\(subject) is not proved: all \(counts.tried) scenarios are known to fail." }
    if counts.known > 0 {
      return "\(subject) passes: \(counts.passed) of \(counts.tried) scenarios end old, new or honest;"
        + " \(counts.known) known not to."
    }
    return "\(subject) passes: all \(counts.tried) scenarios end old, new or honest."
  }

  /// The scenarios by their cause, in the order in which the causes first appear.
  public var groups: [(name: String, scenarios: [ScenarioResult])] {
    var order: [String] = []
    var members: [String: [ScenarioResult]] = [:]
    for scenario in scenarios {
      if members[scenario.group] == nil { order.append(scenario.group) }
      members[scenario.group, default: []].append(scenario)
    }
    return order.map { ($0, members[$0] ?? []) }
  }
}

extension ScenarioResult {
  /// The command that shows it again and leaves the host to look at.
  public var look: String { "belay rehearse --scenario \(name) --keep" }

  /// `steps[0].undo, release.yaml:31`; nil: no key is to blame.
  var fix: String? {
    let parts = [key, location].compactMap { $0 }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }

  /// The sentence, or the fact that there is none.
  var reason: String {
    sentence.isEmpty ? "\(title) ends \(end.map(\.rawValue) ?? "nowhere")" : sentence
  }
}
