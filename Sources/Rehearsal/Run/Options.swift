/// What a person asked for.
public struct RehearsalOptions: Sendable {
  /// Paths of the packages; `old` nil: only first installations are rehearsed.
  public var new: String
  public var old: String?
  /// nil: this machine's own.
  public var suite: String?
  /// A directory or a tar archive of an unpacked Debian, instead of one made by mmdebstrap.
  public var base: String?
  /// `rehearsal.include`: packages that the hosts have besides what the two packages depend on.
  public var include: [String] = []
  /// `rehearsal.before`: a script that fills the old version with data, run once in a host.
  public var before = ""
  /// `rehearsal.allow`: paths that may differ, with the reason.
  public var allow: [(path: String, why: String)] = []
  public var jobs: Int
  public var seed: UInt64
  /// Shell patterns of scenario names; none: all.
  public var scenarios: [String] = []
  /// Failed hosts stay.
  public var keepsHosts = false
  public var hasNetwork = false
  /// Where bases and seeds are kept.
  public var cache: String
  /// The words of the command line, for the report.
  public var command: [String] = []
  /// Where a key of the description stands (`release.yaml:31`).
  public var location: @Sendable (String) -> String? = { _ in nil }

  public init(new: String, old: String?, jobs: Int, seed: UInt64, cache: String) {
    self.new = new
    self.old = old
    self.jobs = jobs
    self.seed = seed
    self.cache = cache
  }
}

/// What a rehearsal says while it runs.
public enum RehearsalProgress: Sendable {
  /// A phrase: what is being made ready.
  case preparing(String)
  /// So many scenarios will run, on so many hosts at a time.
  case ready(base: String, count: Int, jobs: Int, seed: UInt64)
  case started(title: String)
  case ended(ScenarioResult, done: Int, count: Int)
  /// A host was kept: how to enter it.
  case kept(scenario: String, enter: String)
}
