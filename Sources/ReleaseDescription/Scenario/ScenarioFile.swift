/// One scenario of a rehearsal as its file describes it: what is arranged, what goes wrong where, and how it may end.
///
/// A scenario with `each` stands for one run for every service, path, … of the release; `{n}`, `{name}`, `{point}` and
/// `{value}` in its texts are kept as written, for whoever makes those runs of it.
public struct ScenarioFile: Sendable, Equatable {
  /// What a scenario is repeated for.
  public enum Each: String, Sendable, CaseIterable {
    case service, path, dump, step, check, script, point, value
    case gateCheck = "gate_check"
  }

  /// What is installed before the update.
  public enum Start: String, Sendable, CaseIterable {
    /// The previous version.
    case old
    case nothing = "none"
    /// A previous version that belay did not build.
    case foreign
  }

  /// How the new version arrives.
  public enum Run: Sendable, Equatable {
    case apt, dpkg, nothing
    /// bash, started on the host.
    case shell(String)
  }

  /// What happens at the point `at`.
  public enum Action: Sendable, Equatable {
    /// The power is cut.
    case cut
    /// The program is killed.
    case kill
    /// bash, started on the host.
    case shell(String)
  }

  /// A way in which a scenario may end.
  public enum End: String, Sendable, CaseIterable {
    /// The previous version serves.
    case old
    /// The new version serves, checked.
    case new
    /// The package was never there.
    case absent
    case removed, purged
    /// A named state that says what is wrong and the next command.
    case honest
  }

  /// What is compared besides the end.
  public enum Comparison: String, Sendable, CaseIterable {
    /// The data as it was at the point `saved` with the data at the point `undone`.
    case undone
    /// Only the end: the host is meant to be other than before.
    case nothing
    /// The copies are meant to be damaged; all else counts.
    case damaged
    /// The dumps as well have to be those of the good upgrade: what runs twice may do no more than what runs once.
    case repeated
  }

  /// One line, with placeholders.
  public var title: String
  public var group: String?
  public var each: Each?
  /// Empty exactly unless `each` is `point`.
  public var points: [String] = []
  /// Empty exactly unless `each` is `value`.
  public var values: [String] = []
  /// Conditions on the release without which the scenario says nothing.
  public var when: [String] = []
  public var start = Start.old
  /// The host has a disk of its own, whose power can be cut.
  public var hasDisk = false
  public var run = Run.apt
  /// bash, before the update.
  public var arrange: String?
  /// One fault a line.
  public var faults: [String] = []
  /// Where `action` happens: fault points, separated by spaces; there exactly when that is.
  public var at: String?
  /// The key `do`.
  public var action: Action?
  /// bash, after the update.
  public var after: String?
  /// Never empty; each once.
  public var ends: [End]
  /// The states that the transaction may end in; empty: any.
  public var states: [String] = []
  /// The downtime is measured.
  public var measures = false
  public var compares: Comparison?
  /// What a failure means, for people.
  public var means: String?
  /// The key of the description that a failure is blamed on.
  public var blames: String?
  /// Why a failure is known and accepted.
  public var known: String?
  /// It says something of a plain package too, one that belay is not in.
  public var isPlain = false
  /// Of the whole scenario, milliseconds.
  public var timeout = 120_000

  public init(title: String, ends: [End]) {
    self.title = title
    self.ends = ends
  }
}
