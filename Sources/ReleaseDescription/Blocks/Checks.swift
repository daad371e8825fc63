import Yams

extension Reading {
  private static let timing = ["start_period", "interval", "timeout", "retries", "successes"]

  /// The checks of a list: smoke checks, gate checks, fallback checks.
  ///
  /// - Parameter canBeBefore: whether they judge a new version, whose files can be looked at before anything changes.
  mutating func checks(_ fields: Fields, _ key: String, canBeBefore: Bool = false) -> [Located<Check>] {
    var checks: [Located<Check>] = []
    for node in items(fields, key) {
      guard let check = check(node, canBeBefore) else { continue }
      if checks.contains(where: { $0.value.name == check.name }) {
        error("two checks are named '\(check.name)'", at: node.position)
      }
      checks.append(Located(value: check, position: node.position))
    }
    return checks
  }

  private mutating func check(_ node: Node, _ canBeBefore: Bool) -> Check? {
    let known = ["name", "http", "expect", "tcp", "unit", "for", "run", "user", "severity", "stage"] + Self.timing
    guard var fields = fields(node, "a check", Keys(known: known)) else { return nil }
    require(fields, "name")
    let name = line(fields, "name")
    if let name { fields.what = "check '\(name)'" }
    let isBefore = isBefore(fields, canBeBefore)
    let severity: Check.Severity = choice(fields, "severity") ?? .required
    let kind = kind(fields)
    var check = Check(name: name ?? "", kind: kind ?? .tcp(address: ""), severity: severity, isBefore: isBefore)
    if isBefore { onceOfFiles(&check, fields) }
    if let value = duration(fields, "start_period") { check.startPeriod = value }
    if let value = duration(fields, "interval", atLeast: 1) { check.interval = value }
    if let value = duration(fields, "timeout", atLeast: 1) { check.timeout = value }
    if let value = number(fields, "retries", in: 0...10_000) { check.retries = value }
    if let value = number(fields, "successes", in: 1...10_000) { check.successes = value }
    guard name != nil, kind != nil else { return nil }
    timesFit(check, fields)
    return check
  }

  private mutating func isBefore(_ fields: Fields, _ canBeBefore: Bool) -> Bool {
    guard let node = fields["stage"], let text = text(node, "'stage'") else { return false }
    if text != "before" {
      error(
        "'stage' of a check cannot be '\(text.shortened)'", at: node.position,
        hint: "before, or leave it out: then the check is asked of the new version once it is installed")
    } else if !canBeBefore {
      error(
        "'stage: before' belongs to the smoke checks, \(fields.what) never sees the new version", at: node.position,
        hint: "move it to 'checks', or remove 'stage'")
    } else {
      return true
    }
    return false
  }

  /// Files that lie still are asked once, and by a command: a service of theirs runs nowhere yet.
  private mutating func onceOfFiles(_ check: inout Check, _ fields: Fields) {
    for kind in ["http", "tcp", "unit"] {
      guard let position = fields.keyPositions[kind] else { continue }
      error(
        "\(fields.what) asks a running service ('\(kind)'), but before the update none of the new version runs",
        at: position, hint: "a check of stage 'before' is of the kind 'run'")
    }
    for key in Self.timing where key != "timeout" {
      guard let position = fields.keyPositions[key] else { continue }
      error(
        "'\(key)' has no meaning for \(fields.what): files that lie still say the same a second time", at: position,
        hint: "a check of stage 'before' is asked once; only 'timeout' can be given")
    }
    check.retries = 1
  }

  private mutating func kind(_ fields: Fields) -> Check.Kind? {
    let kinds = ["http", "tcp", "unit", "run"].filter { fields.keyPositions[$0] != nil }
    guard kinds.count == 1, let kind = kinds.first else {
      let message =
        kinds.isEmpty
        ? "\(fields.what) checks nothing"
        : "\(fields.what) is of \(kinds.count) kinds: \(kinds.joined(separator: ", "))"
      error(message, at: fields.position, hint: "exactly one of http, tcp, unit, run")
      return nil
    }
    for (key, owner) in [("expect", "http"), ("for", "unit"), ("user", "run")] where kind != owner {
      guard let position = fields.keyPositions[key] else { continue }
      error("'\(key)' belongs to checks of the kind '\(owner)'", at: position)
    }
    switch kind {
    case "http": return httpCheck(fields)
    case "tcp": return tcpCheck(fields)
    case "unit":
      let stays = duration(fields, "for") ?? 0
      guard let unit = unitName(fields, "unit") else { return nil }
      if unit.contains("*") || unit.contains("@.") {
        notBuilt("a template unit ('\(unit)')", at: fields.position(of: "unit"))
        return nil
      }
      return .unit(unit, stays: stays)
    default:
      let user = user(fields, "user")
      return command(fields, "run").map { .run($0, user: user) }
    }
  }

  /// Intervals that cannot fit into each other.
  private mutating func timesFit(_ check: Check, _ fields: Fields) {
    if case .unit(_, let stays) = check.kind, stays >= check.timeout {
      let message = "\(fields.what) asks for longer ('for') than one try may take ('timeout')"
      error(message, at: fields.position(of: "for"), hint: "raise 'timeout' above 'for'")
    }
    if check.deadline > 3_600_000 {
      let minutes = check.deadline / 60_000
      let message = "\(fields.what) may take \(minutes) minutes to decide, apt waits for it"
      warning(message, at: fields.position, hint: "start_period + (retries + successes) × (interval + timeout)")
    }
  }
}
