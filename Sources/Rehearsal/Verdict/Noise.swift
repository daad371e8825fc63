import Glibc

/// Which differences of a file system say nothing, and why.
struct Noise: Sendable {
  /// A path that may differ, with the reason: the release's own `rehearsal.allow`.
  struct Allowed: Sendable {
    let pattern: String
    let why: String
  }

  let package: String
  /// The release has dumps: what databases keep on disk is judged through them.
  let hasDumps: Bool
  /// The declared paths of the snapshot, judged line by line where both versions write to them.
  let data: [String]
  let allowed: [Allowed]

  /// Written by every host that runs, or judged through the programs that own it (dpkg-query, apt-mark, systemctl).
  private static let everywhere = [
    "/dev", "/proc", "/run", "/sys", "/tmp", "/var/tmp", "/oldroot", "/srv/repo", "/srv/rehearsal", "/var/log",
    "/var/cache",
    "/var/backups", "/var/lib/apt", "/var/lib/dpkg", "/var/lib/systemd", "/var/lib/belay", "/var/lib/dbus",
    "/var/lib/private", "/etc/machine-id", "/etc/resolv.conf", "/etc/.pwd.lock", "/etc/ld.so.cache", "/etc/mtab",
    "/etc/hostname",
    "/etc/passwd-", "/etc/group-", "/etc/shadow-", "/etc/gshadow-", "/usr/local/sbin", "/var/lib/ucf", "/root",
    "/var/lib/logrotate", "/var/spool/mail", "/var/mail", "/etc/systemd/system",
    "/etc/apt/apt.conf.d/99veto", "/usr/sbin/policy-rc.d",
  ]
  private static let databases = [
    "/var/lib/postgresql", "/var/lib/mysql", "/var/lib/redis", "/var/lib/mongodb", "/var/lib/ldap", "/var/lib/rabbitmq",
  ]

  func covers(_ path: String) -> Bool {
    Self.everywhere.contains { Self.isWithin(path, $0) }
      || (hasDumps && Self.databases.contains { Self.isWithin(path, $0) })
      || isOurs(path) || allowed.contains { fnmatch($0.pattern, path, 0) == 0 || Self.isWithin(path, $0.pattern) }
  }

  func isData(_ path: String) -> Bool { data.contains { Self.isWithin(path, $0) } }

  /// Declared data, and what else is not a package's own program: its text is looked at.
  func isWritten(_ path: String) -> Bool {
    isData(path) || !["/usr", "/opt", "/bin", "/sbin", "/lib"].contains { Self.isWithin(path, $0) }
  }

  /// What belay leaves on purpose: what was set aside, its hook after a return to a foreign version, its pins.
  private func isOurs(_ path: String) -> Bool {
    path.contains(".belay-") || path.hasPrefix("/etc/apt/preferences.d/00belay-")
      || path.hasPrefix("/etc/apt/apt.conf.d/60belay-")
  }

  static func isWithin(_ path: String, _ directory: String) -> Bool {
    path == directory || path.hasPrefix(directory + "/")
  }
}
