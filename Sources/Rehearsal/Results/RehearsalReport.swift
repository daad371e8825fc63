/// All that a rehearsal found; `report.json` is this value, the page and the table are made of it.
///
/// Times are milliseconds, sizes bytes, moments ISO 8601 in UTC.
public struct RehearsalReport: Sendable, Equatable, Codable {
  /// Changes when a reader has to change.
  public var format = 1
  /// The version of belay that rehearsed.
  public var generator: String
  public var old: Subject?
  public var new: Subject
  /// `bookworm`, or what `--base` named.
  public var base: String
  /// Random scenarios are derived from it: the same seed, the same cuts.
  public var seed: UInt64
  public var jobs: Int
  /// The words of the command line that made it.
  public var command: [String]
  public var began: String
  public var duration: Int
  public var scenarios: [ScenarioResult]
  public var figures: Figures
  /// Sentences for the box "what this did not test".
  public var notTested: [String]

  public init(
    generator: String, old: Subject?, new: Subject, base: String, seed: UInt64, jobs: Int, command: [String],
    began: String, duration: Int, scenarios: [ScenarioResult], figures: Figures, notTested: [String]
  ) {
    self.generator = generator
    self.old = old
    self.new = new
    self.base = base
    self.seed = seed
    self.jobs = jobs
    self.command = command
    self.began = began
    self.duration = duration
    self.scenarios = scenarios
    self.figures = figures
    self.notTested = notTested
  }

  /// A package that was rehearsed.
  public struct Subject: Sendable, Equatable, Codable {
    public var name: String
    public var version: String
    public var architecture: String
    /// Of the .deb.
    public var sha256: String
    /// false: belay is not in it.
    public var hasWayBack: Bool

    public init(name: String, version: String, architecture: String, sha256: String, hasWayBack: Bool) {
      self.name = name
      self.version = version
      self.architecture = architecture
      self.sha256 = sha256
      self.hasWayBack = hasWayBack
    }
  }

  /// The numbers of the first glance; nil: not measured.
  public struct Figures: Sendable, Equatable, Codable {
    /// Of the good upgrade, by the prober.
    public var downtime: Int?
    /// `downtime.budget` of the release description.
    public var downtimeBudget: Int?
    /// From the failed check to the old version serving, over the scenarios that were measured two at a time.
    public var returnMedian: Int?
    public var return95: Int?
    public var snapshotSize: Int?
    public var snapshotTime: Int?
    /// Lines of the dumps and files of before that no end state had; over all scenarios.
    public var entriesLost: Int = 0

    public init() {}
  }
}

/// How one scenario ended.
public struct ScenarioResult: Sendable, Equatable, Codable {
  public enum Outcome: String, Sendable, Codable, CaseIterable {
    case passed, failed
    /// It fails, is listed as known, and is no reason to fail the rehearsal.
    case known
    /// It could not be tried here; `sentence` says why.
    case skipped
  }

  /// Where the host ended.
  public enum End: String, Sendable, Codable, CaseIterable {
    case old, new
    /// Not there, as before or as asked for.
    case absent, removed, purged
    /// A named state that says what is wrong and the exact next command.
    case honest
    case between = "in between"
  }

  /// Unique, fit for `--scenario`: `check-2-fails`.
  public var name: String
  /// For people: `check 2 'listens' fails`.
  public var title: String
  /// The cause it belongs to: `checks`, `power`, `disk` …
  public var group: String
  public var outcome: Outcome
  /// nil: skipped.
  public var end: End?
  public var acceptable: [End]
  /// belay's own word for the last transaction (`returned`, `stranded` …); empty: none.
  public var state: String
  /// What is wrong (or why it was skipped), in one sentence; empty when it passed.
  public var sentence: String
  /// The key of the release description to mend: `steps[0].undo`.
  public var key: String?
  /// Where that is: `release.yaml:31`.
  public var location: String?
  /// What differs and nothing explains.
  public var differences: [Difference]
  public var duration: Int
  /// How long nothing answered; nil: nobody asked.
  public var downtime: Int?
  /// From the failed check to the old version serving; nil: it did not return.
  public var timeToReturn: Int?
  /// The states of the transaction, from the beginning of the run.
  public var timeline: [Moment]
  /// The times in which the service answered, from the beginning of the run.
  public var serving: [Span]
  public var entriesLost: Int
  /// The end of what apt and belay said.
  public var log: String

  public init(
    name: String, title: String, group: String, outcome: Outcome, end: End? = nil, acceptable: [End],
    state: String = "",
    sentence: String = "", key: String? = nil, location: String? = nil, differences: [Difference] = [],
    duration: Int = 0, downtime: Int? = nil, timeToReturn: Int? = nil, timeline: [Moment] = [], serving: [Span] = [],
    entriesLost: Int = 0, log: String = ""
  ) {
    self.name = name
    self.title = title
    self.group = group
    self.outcome = outcome
    self.end = end
    self.acceptable = acceptable
    self.state = state
    self.sentence = sentence
    self.key = key
    self.location = location
    self.differences = differences
    self.duration = duration
    self.downtime = downtime
    self.timeToReturn = timeToReturn
    self.timeline = timeline
    self.serving = serving
    self.entriesLost = entriesLost
    self.log = log
  }
}

/// One thing that is not as it has to be.
public struct Difference: Sendable, Equatable, Codable {
  /// `file /srv/ledger/rows`, `dump 'entries'`, `unit shop.service`.
  public var subject: String
  /// A readable diff: lines that begin with `-` (expected) and `+` (found), or a phrase.
  public var lines: [String]

  public init(_ subject: String, _ lines: [String]) {
    self.subject = subject
    self.lines = lines
  }
}

/// An event at a time after the beginning of the run.
public struct Moment: Sendable, Equatable, Codable {
  public var at: Int
  public var state: String

  public init(at: Int, state: String) {
    self.at = at
    self.state = state
  }
}

/// From `from` to `to`, both after the beginning of the run.
public struct Span: Sendable, Equatable, Codable {
  public var from: Int
  public var to: Int

  public init(from: Int, to: Int) {
    self.from = from
    self.to = to
  }
}
