import ReleaseDescription

/// What a package's own program says about the release it was built from: the inverse of `HostHeader`.
struct HostHeaderReader {
  let generator: String
  let package: String
  let version: String
  let belay: Belay
  let scripts: UserScripts

  /// - Parameter program: the text of preinst.
  init(_ program: String) throws(HostHeaderFault) {
    guard let start = program.utf8.firstRange(of: Array(("\n" + HostHeaderText.first).utf8)) else {
      throw .missing("belay_format")
    }
    let text = try HostHeaderText(program[program.index(after: start.lowerBound)...])
    var fields = HostHeaderFields(text.values, scope: "")
    var items = Items(text.functions)
    let format = try fields.text("belay_format")
    guard format == "1" else { throw .format(format) }
    generator = try fields.text("belay_generator")
    package = try fields.text("belay_package")
    version = try fields.text("belay_version")
    // Made from the name and the payload; that they are right is seen when the program is assembled again.
    for name in ["arch", "unit", "hook", "units", "sysusers", "tmpfiles"] { _ = try fields.text("belay_" + name) }
    var belay = Belay()
    belay.envFile = try fields.optional("belay_env_file")
    belay.contacts = try fields.lines("belay_contacts")
    if fields.has("belay_downtime_budget") {
      belay.downtimeBudget = try fields.optionalNumber("belay_downtime_budget")
    }
    if fields.has("belay_probation") {
      belay.probation = try fields.optionalNumber("belay_probation")
      belay.confirmWithin = try fields.optionalNumber("belay_confirm_within")
    }
    if fields.has("belay_set_name") { belay.set = try Self.set(&fields) }
    belay.fallback = try Self.fallback(&fields, &items)
    belay.gates = try Self.gates(&fields, &items)
    belay.snapshot = try Self.snapshot(&fields, &items)
    belay.services = try items.all("service", count: try fields.number("belay_services")) {
      item throws(HostHeaderFault) in
      Service(unit: try item.text("unit"), enable: try item.flag("enable"), onUpgrade: try item.choice("on_upgrade"))
    }
    belay.steps = try items.all("step", count: try fields.number("belay_steps"), Self.step)
    belay.checks = try items.all("check", count: try fields.number("belay_checks"), Self.check)
    belay.notify = try items.all("notify", count: try fields.number("belay_notifies")) { item throws(HostHeaderFault) in
      let output = try item.choice("output", Output.self)
      return Notification(run: try item.text("run"), on: try item.lines("on"), keepsOutput: output == .keep)
    }
    scripts = UserScripts(
      preinst: try Self.script("preinst", &fields), postinst: try Self.script("postinst", &fields),
      prerm: try Self.script("prerm", &fields), postrm: try Self.script("postrm", &fields))
    self.belay = belay
    try fields.finish()
    try items.finish()
  }

  private enum Output: String { case keep, none }
  private enum Copying: String { case copy, none }
  private enum QuiesceKind: String { case none, stop, command }
  private enum CheckKind: String { case http, tcp, unit, run }
  private enum UndoKind: String { case command, compatible, impossible }

  private static func script(
    _ moment: String, _ fields: inout HostHeaderFields
  ) throws(HostHeaderFault) -> UserScripts.Script? {
    let interpreter = try fields.text("belay_user_\(moment)_interpreter")
    return try fields.optional("belay_user_\(moment)").map { UserScripts.Script(text: $0, interpreter: interpreter) }
  }

  private static func set(_ fields: inout HostHeaderFields) throws(HostHeaderFault) -> PackageSet? {
    let (name, members) = (try fields.optional("belay_set_name"), try fields.lines("belay_set_members"))
    let isSameVersion = try fields.flag("belay_set_same_version")
    return name.map { PackageSet(name: $0, members: members, isSameVersion: isSameVersion) }
  }

  private static func fallback(
    _ fields: inout HostHeaderFields, _ items: inout Items
  ) throws(HostHeaderFault) -> Fallback {
    var fallback = Fallback()
    fallback.firstInstall = try fields.choice("belay_first_install")
    fallback.to = try fields.lines("belay_fallback_to")
    fallback.sources = []
    for name in try fields.lines("belay_fallback_sources") {
      guard let source = Fallback.Source(rawValue: name) else { throw .value(name: "belay_fallback_sources", name) }
      fallback.sources.append(source)
    }
    let isSame = try fields.flag("belay_fallback_checks_same")
    let checks = try items.all("fallback_check", count: try fields.number("belay_fallback_checks"), check)
    fallback.checks = isSame ? nil : checks
    let command = { (item: inout HostHeaderFields) throws(HostHeaderFault) in try item.text("run") }
    fallback.before = try items.all("fallback_before", count: try fields.number("belay_fallback_before"), command)
    fallback.after = try items.all("fallback_after", count: try fields.number("belay_fallback_after"), command)
    return fallback
  }

  private static func gates(_ fields: inout HostHeaderFields, _ items: inout Items) throws(HostHeaderFault) -> Gates {
    var gates = Gates()
    gates.freeSpace = try fields.optionalNumber("belay_free_space")
    let days = try fields.lines("belay_window_days").compactMap(Int.init)
    let window = Window(
      days: days, from: try fields.text("belay_window_from"), to: try fields.text("belay_window_to"),
      timezone: try fields.optional("belay_window_timezone"))
    gates.window = days.isEmpty ? nil : window
    let path = try fields.optional("belay_backup_path")
    let maxAge = try fields.optionalNumber("belay_backup_max_age_seconds")
    let minSize = try fields.optionalNumber("belay_backup_min_size")
    let verify = try fields.optional("belay_backup_verify")
    if let path {
      guard let maxAge else { throw .missing("belay_backup_max_age_seconds") }
      guard let minSize else { throw .missing("belay_backup_min_size") }
      gates.backup = Backup(path: path, maxAge: maxAge, minSize: minSize, verify: verify)
    }
    gates.checks = try items.all("gate_check", count: try fields.number("belay_gate_checks"), check)
    return gates
  }

  private static func snapshot(
    _ fields: inout HostHeaderFields, _ items: inout Items
  ) throws(HostHeaderFault) -> Snapshot {
    var snapshot = Snapshot()
    let pause = try fields.text("belay_quiesce_pause")
    let resume = try fields.text("belay_quiesce_resume")
    switch try fields.choice("belay_quiesce", QuiesceKind.self) {
    case .none: snapshot.quiesce = .none
    case .stop: snapshot.quiesce = .stop
    case .command: snapshot.quiesce = .command(pause: pause, resume: resume)
    }
    snapshot.quiesceTimeout = try fields.number("belay_quiesce_timeout")
    snapshot.keepCount = try fields.number("belay_keep_count")
    snapshot.keepAge = try fields.number("belay_keep_age_seconds")
    snapshot.reserve = try fields.number("belay_reserve")
    snapshot.paths = try items.all("path", count: try fields.number("belay_paths")) { item throws(HostHeaderFault) in
      SnapshotPath(
        path: try item.text("path"), restoreWhen: try item.choice("restore_when"),
        isCopied: try item.choice("copy", Copying.self) == .copy, maxSize: try item.optionalNumber("max_size"),
        exclude: try item.lines("exclude"))
    }
    snapshot.dumps = try items.all("dump", count: try fields.number("belay_dumps")) { item throws(HostHeaderFault) in
      Dump(
        name: try item.text("name"), save: try item.text("save"), verify: try item.text("verify"),
        restore: try item.optional("restore"), user: try item.optional("user"),
        restoreWhen: try item.choice("restore_when"), timeout: try item.number("timeout"))
    }
    return snapshot
  }

  private static func step(_ item: inout HostHeaderFields) throws(HostHeaderFault) -> Step {
    let command = try item.text("undo")
    let undo: Step.Undo =
      switch try item.choice("undo_kind", UndoKind.self) {
      case .command: .command(command)
      case .compatible: .compatible
      case .impossible: .impossible
      }
    return Step(
      name: try item.text("name"), stage: try item.choice("stage"), unless: try item.optional("unless"),
      run: try item.text("run"), undo: undo, timeout: try item.number("timeout"), user: try item.optional("user"))
  }

  private static func check(_ item: inout HostHeaderFields) throws(HostHeaderFault) -> Check {
    let url = try item.text("url")
    let tcp = try item.text("tcp")
    let unit = try item.text("unit")
    let stays = try item.number("stays")
    let run = try item.text("run")
    let user = try item.optional("user")
    let body = try item.optional("body")
    let status = try item.lines("status").compactMap(Int.init)
    let kind: Check.Kind =
      switch try item.choice("kind", CheckKind.self) {
      case .http: .http(url: url, status: status, body: body)
      case .tcp: .tcp(address: tcp)
      case .unit: .unit(unit, stays: stays)
      case .run: .run(run, user: user)
      }
    let stage = item.has("stage") ? try item.optional("stage") : nil
    guard stage == nil || stage == "before" else { throw .value(name: "stage", stage ?? "") }
    return Check(
      name: try item.text("name"), kind: kind, severity: try item.choice("severity"), isBefore: stage != nil,
      startPeriod: try item.number("start_period"), interval: try item.number("interval"),
      timeout: try item.number("timeout"), retries: try item.number("retries"), successes: try item.number("successes"))
  }
}

/// The numbered functions; each is taken once, and none may be left over.
private struct Items {
  private var functions: [String: [String: String]]

  init(_ functions: [String: [String: String]]) { self.functions = functions }

  mutating func all<Item>(
    _ singular: String, count: Int, _ make: (inout HostHeaderFields) throws(HostHeaderFault) -> Item
  ) throws(HostHeaderFault) -> [Item] {
    var items: [Item] = []
    // A count that no function follows ends here, however large it is.
    while items.count < count {
      let name = "\(singular)_\(items.count + 1)"
      guard let values = functions.removeValue(forKey: name) else { throw .missing(name) }
      var fields = HostHeaderFields(values, scope: name + ": ")
      items.append(try make(&fields))
      try fields.finish()
    }
    return items
  }

  func finish() throws(HostHeaderFault) {
    if let name = functions.keys.min() { throw .unknown(name) }
  }
}
