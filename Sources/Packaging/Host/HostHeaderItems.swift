import ReleaseDescription

extension ShellText {
  /// The numbered functions. Each sets all its variables, so that nothing is left over from the one called before.
  mutating func items(of belay: Belay) throws(PackagingError) {
    try functions("service", plural: "services", belay.services) { shell, service throws(PackagingError) in
      try shell.assign("unit", service.unit)
      shell.assign("enable", service.enable)
      try shell.assign("on_upgrade", service.onUpgrade.rawValue)
    }
    try functions("path", plural: "paths", belay.snapshot.paths) { shell, path throws(PackagingError) in
      try shell.assign("path", path.path)
      try shell.assign("restore_when", path.restoreWhen.rawValue)
      try shell.assign("copy", path.isCopied ? "copy" : "none")
      try shell.assign("max_size", optional: path.maxSize)
      try shell.assign("exclude", lines: path.exclude)
    }
    try functions("dump", plural: "dumps", belay.snapshot.dumps) { shell, dump throws(PackagingError) in
      try shell.assign("name", dump.name)
      try shell.assign("save", dump.save)
      try shell.assign("verify", dump.verify)
      try shell.assign("restore", dump.restore ?? "")
      try shell.assign("user", dump.user ?? "")
      try shell.assign("restore_when", dump.restoreWhen.rawValue)
      shell.assign("timeout", dump.timeout)
    }
    try functions("step", plural: "steps", belay.steps) { shell, step throws(PackagingError) in try shell.step(step) }
    try checks("check", belay.checks)
    try checks("gate_check", belay.gates.checks)
    try checks("fallback_check", belay.fallback.checks ?? [])
    try commands("fallback_before", plural: "fallback_before", belay.fallback.before)
    try commands("fallback_after", plural: "fallback_after", belay.fallback.after)
    try functions("notify", plural: "notifies", belay.notify) { shell, notification throws(PackagingError) in
      try shell.assign("run", notification.run)
      try shell.assign("on", lines: notification.on)
      try shell.assign("output", notification.keepsOutput ? "keep" : "none")
    }
  }

  private mutating func commands(
    _ singular: String, plural: String, _ commands: [String]
  ) throws(PackagingError) {
    try functions(singular, plural: plural, commands) { shell, command throws(PackagingError) in
      try shell.assign("run", command)
    }
  }

  private mutating func step(_ step: Step) throws(PackagingError) {
    let (kind, undo) =
      switch step.undo {
      case .command(let command): ("command", command)
      case .compatible: ("compatible", "")
      case .impossible: ("impossible", "")
      }
    try assign("name", step.name)
    try assign("stage", step.stage.rawValue)
    try assign("unless", step.unless ?? "")
    try assign("run", step.run)
    try assign("undo", undo)
    try assign("undo_kind", kind)
    assign("timeout", step.timeout)
    try assign("user", step.user ?? "")
  }

  private mutating func checks(_ singular: String, _ checks: [Check]) throws(PackagingError) {
    try functions(singular, plural: "\(singular)s", checks) { shell, check throws(PackagingError) in
      let kind = CheckFields(check.kind)
      try shell.assign("name", check.name)
      try shell.assign("kind", kind.name)
      try shell.assign("url", kind.url)
      try shell.assign("tcp", kind.tcp)
      try shell.assign("unit", kind.unit)
      shell.assign("stays", kind.stays)
      try shell.assign("run", kind.run)
      try shell.assign("user", kind.user)
      try shell.assign("status", lines: kind.status.map(String.init))
      try shell.assign("body", kind.body)
      try shell.assign("severity", check.severity.rawValue)
      try shell.assign("stage", check.isBefore ? "before" : "")
      shell.assign("start_period", check.startPeriod)
      shell.assign("interval", check.interval)
      shell.assign("timeout", check.timeout)
      shell.assign("retries", check.retries)
      shell.assign("successes", check.successes)
    }
  }
}

/// The variables that depend on a check's kind, empty where another kind uses them.
private struct CheckFields {
  var name: String
  var url = ""
  var tcp = ""
  var unit = ""
  var stays = 0
  var run = ""
  var user = ""
  var status: [Int] = []
  var body = ""

  init(_ kind: Check.Kind) {
    switch kind {
    case .http(let url, let status, let body):
      name = "http"
      self.url = url
      self.status = status
      self.body = body ?? ""
    case .tcp(let address):
      name = "tcp"
      tcp = address
    case .unit(let unit, let stays):
      name = "unit"
      self.unit = unit
      self.stays = stays
    case .run(let command, let user):
      name = "run"
      run = command
      self.user = user ?? ""
    }
  }
}
