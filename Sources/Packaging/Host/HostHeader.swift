import ReleaseDescription

/// The header of the host program: everything it knows of the release (docs/host-program.md).
public enum HostHeader {
  public static func render(_ release: Release, _ belay: Belay) throws(PackagingError) -> String {
    var shell = ShellText()
    let names = HostNames(package: release.control.name)
    shell.assign("belay_format", 1)
    try shell.assign("belay_generator", Generator.version)
    try shell.assign("belay_package", release.control.name)
    try shell.assign("belay_version", release.control.version)
    try shell.assign("belay_arch", release.control.architecture)
    try shell.assign("belay_unit", names.unit)
    try shell.assign("belay_hook", names.hook)
    let systemd = SystemdFiles(release.contents)
    try shell.assign("belay_units", lines: systemd.units)
    try shell.assign("belay_sysusers", lines: systemd.sysusers)
    try shell.assign("belay_tmpfiles", lines: systemd.tmpfiles)
    try shell.assign("belay_env_file", belay.envFile ?? "")
    try shell.assign("belay_contacts", lines: belay.contacts)
    try shell.assign("belay_downtime_budget", optional: belay.downtimeBudget)
    try shell.assign("belay_probation", optional: belay.probation)
    try shell.assign("belay_confirm_within", optional: belay.confirmWithin)
    try shell.set(belay.set)
    try shell.fallback(belay.fallback)
    try shell.gates(belay.gates)
    try shell.snapshot(belay.snapshot)
    try shell.userScript("preinst", release.scripts.preinst)
    try shell.userScript("postinst", release.scripts.postinst)
    try shell.userScript("prerm", release.scripts.prerm)
    try shell.userScript("postrm", release.scripts.postrm)
    try shell.items(of: belay)
    return shell.text
  }
}

/// The names on the host that are made from the package's.
struct HostNames {
  let package: String
  /// Base name of the units: `+` is not allowed in a unit's name, everything else of a package's name is.
  var unit: String { "belay-" + package.map { $0 == "+" ? #"\x2b"# : String($0) }.joined() }
  /// Configuration file of apt, which ignores names with `+`. No package's name has a `_`, so `_p` is never ambiguous.
  var hook: String { "60belay-" + package.map { $0 == "+" ? "_p" : String($0) }.joined() + ".conf" }
}

extension ShellText {
  fileprivate mutating func set(_ set: PackageSet?) throws(PackagingError) {
    try assign("belay_set_name", set?.name ?? "")
    try assign("belay_set_members", lines: set?.members ?? [])
    assign("belay_set_same_version", set?.isSameVersion ?? false)
  }

  fileprivate mutating func fallback(_ fallback: Fallback) throws(PackagingError) {
    try assign("belay_first_install", fallback.firstInstall.rawValue)
    try assign("belay_fallback_to", lines: fallback.to)
    try assign("belay_fallback_sources", lines: fallback.sources.map(\.rawValue))
    assign("belay_fallback_checks_same", fallback.checks == nil)
  }

  fileprivate mutating func gates(_ gates: Gates) throws(PackagingError) {
    try assign("belay_free_space", optional: gates.freeSpace)
    try assign("belay_window_days", lines: gates.window?.days.map(String.init) ?? [])
    try assign("belay_window_from", gates.window?.from ?? "")
    try assign("belay_window_to", gates.window?.to ?? "")
    try assign("belay_window_timezone", gates.window?.timezone ?? "")
    try assign("belay_backup_path", gates.backup?.path ?? "")
    try assign("belay_backup_max_age_seconds", optional: gates.backup?.maxAge)
    try assign("belay_backup_min_size", optional: gates.backup?.minSize)
    try assign("belay_backup_verify", gates.backup?.verify ?? "")
  }

  fileprivate mutating func snapshot(_ snapshot: Snapshot) throws(PackagingError) {
    switch snapshot.quiesce {
    case .none: try quiesce("none")
    case .stop: try quiesce("stop")
    case .command(let pause, let resume): try quiesce("command", pause: pause, resume: resume)
    }
    assign("belay_quiesce_timeout", snapshot.quiesceTimeout)
    assign("belay_keep_count", snapshot.keepCount)
    assign("belay_keep_age_seconds", snapshot.keepAge)
    assign("belay_reserve", snapshot.reserve)
  }

  private mutating func quiesce(_ kind: String, pause: String = "", resume: String = "") throws(PackagingError) {
    try assign("belay_quiesce", kind)
    try assign("belay_quiesce_pause", pause)
    try assign("belay_quiesce_resume", resume)
  }

  fileprivate mutating func userScript(_ name: String, _ script: UserScripts.Script?) throws(PackagingError) {
    try assign("belay_user_\(name)", script?.text ?? "")
    try assign("belay_user_\(name)_interpreter", script?.interpreter ?? "sh")
  }

  mutating func assign(_ name: String, optional value: Int?) throws(PackagingError) {
    try assign(name, value.map(String.init) ?? "")
  }
}
