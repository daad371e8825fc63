/// belay's blocks of the release description (design, section 4). All times in milliseconds, all sizes in bytes.
public struct Belay: Sendable, Equatable {
  public var services: [Service] = []
  public var snapshot = Snapshot()
  public var steps: [Step] = []
  /// At least one of them is required.
  public var checks: [Check] = []
  public var fallback = Fallback()
  public var gates = Gates()
  public var contacts: [String] = []
  public var notify: [Notification] = []
  public var envFile: String?
  /// How long nothing may serve, milliseconds: printed, measured and said, it decides nothing on a host.
  public var downtimeBudget: Int?
  /// How long a failing check still takes a release back that passed, milliseconds; nil: it is committed at once.
  public var probation: Int?
  /// Within what time a session that began after the checks has to confirm, milliseconds; nil: nobody has to.
  public var confirmWithin: Int?
  public var set: PackageSet?
  public init() {}
}

/// Packages that are updated and taken back together with this one, which leads.
public struct PackageSet: Sendable, Equatable {
  public var name: String
  /// Without the leader; those a host does not have are not missed.
  public var members: [String]
  /// Other versions of the members than the leader's cannot be installed beside it.
  public var isSameVersion: Bool
  public init(name: String, members: [String], isSameVersion: Bool = false) {
    self.name = name
    self.members = members
    self.isSameVersion = isSameVersion
  }

  /// What deb-control(5) says of the members when all have one version.
  public func breaks(version: String) -> [String] {
    isSameVersion ? members.flatMap { ["\($0) (<< \(version))", "\($0) (>> \(version))"] } : []
  }
}

/// A systemd unit that belongs to the release.
public struct Service: Sendable, Equatable {
  public enum OnUpgrade: String, Sendable, CaseIterable {
    case restart
    case none
    case stopStart = "stop_start"
  }
  public var unit: String
  public var enable: Bool
  public var onUpgrade: OnUpgrade
  public init(unit: String, enable: Bool = true, onUpgrade: OnUpgrade = .restart) {
    self.unit = unit
    self.enable = enable
    self.onUpgrade = onUpgrade
  }
}

/// When a return may put this copy back over what is there.
public enum RestoreWhen: String, Sendable, CaseIterable { case always, unopened, never }

public struct Snapshot: Sendable, Equatable {
  public var paths: [SnapshotPath] = []
  public var dumps: [Dump] = []
  public var quiesce = Quiesce.none
  public var quiesceTimeout = 30_000
  public var keepCount = 3
  /// Seconds.
  public var keepAge = 30 * 86_400
  public var reserve = 512 << 20
  public init() {}
}

public enum Quiesce: Sendable, Equatable {
  case none
  case stop
  case command(pause: String, resume: String)
}

public struct SnapshotPath: Sendable, Equatable {
  public var path: String
  public var restoreWhen: RestoreWhen
  /// false: `copy: none`, declared as not protected.
  public var isCopied: Bool
  public var maxSize: Int?
  public var exclude: [String]
  public init(
    path: String, restoreWhen: RestoreWhen, isCopied: Bool = true, maxSize: Int? = nil, exclude: [String] = []
  ) {
    self.path = path
    self.restoreWhen = restoreWhen
    self.isCopied = isCopied
    self.maxSize = maxSize
    self.exclude = exclude
  }
}

public struct Dump: Sendable, Equatable {
  public var name: String
  public var save: String
  public var verify: String
  public var restore: String?
  public var user: String?
  public var restoreWhen: RestoreWhen
  public var timeout: Int
  public init(
    name: String, save: String, verify: String, restore: String?, user: String? = nil, restoreWhen: RestoreWhen,
    timeout: Int = 600_000
  ) {
    self.name = name
    self.save = save
    self.verify = verify
    self.restore = restore
    self.user = user
    self.restoreWhen = restoreWhen
    self.timeout = timeout
  }
}

public struct Step: Sendable, Equatable {
  public enum Stage: String, Sendable, CaseIterable { case stopped, started, committed }
  public enum Undo: Sendable, Equatable {
    case command(String)
    case compatible
    case impossible
  }
  public var name: String
  public var stage: Stage
  public var unless: String?
  public var run: String
  public var undo: Undo
  public var timeout: Int
  public var user: String?
  public init(
    name: String, stage: Stage = .stopped, unless: String? = nil, run: String, undo: Undo, timeout: Int = 600_000,
    user: String? = nil
  ) {
    self.name = name
    self.stage = stage
    self.unless = unless
    self.run = run
    self.undo = undo
    self.timeout = timeout
    self.user = user
  }
}

public struct Check: Sendable, Equatable {
  public enum Kind: Sendable, Equatable {
    /// `body`: an extended regular expression (perl's), nil: any body. `status`: accepted codes.
    case http(url: String, status: [Int], body: String?)
    case tcp(address: String)
    /// `stays`: how long the unit has to stay up, milliseconds.
    case unit(String, stays: Int)
    case run(String, user: String?)
  }
  public enum Severity: String, Sendable, CaseIterable { case required, advisory }
  public var name: String
  public var kind: Kind
  public var severity: Severity
  /// `stage: before`: asked of the new version's files before anything changes.
  public var isBefore: Bool
  public var startPeriod: Int
  public var interval: Int
  public var timeout: Int
  public var retries: Int
  public var successes: Int
  public init(
    name: String, kind: Kind, severity: Severity = .required, isBefore: Bool = false, startPeriod: Int = 0,
    interval: Int = 1_000, timeout: Int = 30_000, retries: Int = 3, successes: Int = 1
  ) {
    self.name = name
    self.kind = kind
    self.severity = severity
    self.isBefore = isBefore
    self.startPeriod = startPeriod
    self.interval = interval
    self.timeout = timeout
    self.retries = retries
    self.successes = successes
  }
  /// start_period + (retries + successes) × (interval + timeout), milliseconds (design, section 4).
  public var deadline: Int { startPeriod + (retries + successes) * (interval + timeout) }
}

public struct Fallback: Sendable, Equatable {
  public enum Source: String, Sendable, CaseIterable { case kept, cache, archive, rebuild }
  public enum FirstInstall: String, Sendable, CaseIterable { case remove, keep }
  /// Constraints of `to`, as written: `1.0.0` or `>= 1.2`; empty: any version.
  public var to: [String] = []
  public var sources = Source.allCases
  /// nil: `same`, those that passed in the baseline.
  public var checks: [Check]?
  public var before: [String] = []
  public var after: [String] = []
  public var firstInstall = FirstInstall.remove
  public init() {}
}

public struct Gates: Sendable, Equatable {
  public var freeSpace: Int?
  public var window: Window?
  public var backup: Backup?
  public var checks: [Check] = []
  public init() {}
}

public struct Window: Sendable, Equatable {
  /// 1 is Monday, 7 is Sunday (date +%u).
  public var days: [Int]
  /// `HH:MM`, both; `to` is the first minute outside.
  public var from: String
  public var to: String
  /// A name of the tz database; nil: the host's.
  public var timezone: String?
  public init(days: [Int], from: String, to: String, timezone: String?) {
    self.days = days
    self.from = from
    self.to = to
    self.timezone = timezone
  }
}

public struct Backup: Sendable, Equatable {
  public var path: String
  /// Seconds.
  public var maxAge: Int
  public var minSize: Int
  public var verify: String?
  public init(path: String, maxAge: Int, minSize: Int = 1, verify: String?) {
    self.path = path
    self.maxAge = maxAge
    self.minSize = minSize
    self.verify = verify
  }
}

public struct Notification: Sendable, Equatable {
  public var run: String
  /// States: `committed`, `returned`, `held`, `stranded`, `refused`, `unproven`,
  /// `probation`.
  public var on: [String]
  /// false: `output: none`, the command's output is dropped.
  public var keepsOutput: Bool
  public init(run: String, on: [String], keepsOutput: Bool = true) {
    self.run = run
    self.on = on
    self.keepsOutput = keepsOutput
  }
}
