import Yams

extension Reading {
  private static let timing = ["start_period", "interval", "timeout", "retries", "successes"]

  /// The checks of a list: smoke checks, gate checks, fallback checks.
  mutating func checks(_ fields: Fields, _ key: String) -> [Located<Check>] {
    var checks: [Located<Check>] = []
    for node in items(fields, key) {
      guard let check = check(node) else { continue }
      if checks.contains(where: { $0.value.name == check.name }) {
        error("two checks are named '\(check.name)'", at: node.position)
      }
      checks.append(Located(value: check, position: node.position))
    }
    return checks
  }

  private mutating func check(_ node: Node) -> Check? {
    let known = ["name", "http", "expect", "tcp", "unit", "for", "run", "user", "severity", "stage"] + Self.timing
    guard var fields = fields(node, "a check", Keys(known: known)) else { return nil }
    require(fields, "name")
    let name = line(fields, "name")
    if let name { fields.what = "check '\(name)'" }
    stage(fields)
    let severity: Check.Severity = choice(fields, "severity") ?? .required
    let kind = kind(fields)
    var check = Check(name: name ?? "", kind: kind ?? .tcp(address: ""), severity: severity)
    if let value = duration(fields, "start_period") { check.startPeriod = value }
    if let value = duration(fields, "interval", atLeast: 1) { check.interval = value }
    if let value = duration(fields, "timeout", atLeast: 1) { check.timeout = value }
    if let value = number(fields, "retries", in: 0...10_000) { check.retries = value }
    if let value = number(fields, "successes", in: 1...10_000) { check.successes = value }
    guard name != nil, kind != nil else { return nil }
    timesFit(check, fields)
    return check
  }

  private mutating func stage(_ fields: Fields) {
    guard let node = fields["stage"], let text = text(node, "'stage'") else { return }
    if text == "before" {
      notBuilt("'stage: before' of a check", at: node.position)
    } else {
      error("'stage' of a check cannot be '\(text.shortened)'", at: node.position)
    }
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
