import ReleaseDescription

/// Phrases about parts of a release that more than one of the documents uses.
enum Describing {
  /// `GET http://…, expected status 200, body matching …`.
  static func question(of check: Check) -> String {
    switch check.kind {
    case .http(let url, let status, let body):
      let codes = status.map(String.init).joined(separator: " or ")
      return "GET \(url), expected status \(codes)" + (body.map { ", body matching \($0)" } ?? "")
    case .tcp(let address): return "connect to \(address)"
    case .unit(let unit, let stays):
      return "\(unit) was started after the unpack, runs files that are still on disk"
        + (stays > 0 ? ", and stays up for \(Amounts.duration(stays)) without a restart" : "")
    case .run(_, _): return "the command exits 0"
    }
  }

  /// How often and how long a check asks.
  static func patience(of check: Check) -> String {
    let start =
      check.startPeriod > 0 ? "failures in the first \(Amounts.duration(check.startPeriod)) do not count, " : ""
    return start + "every \(Amounts.duration(check.interval)), each try at most \(Amounts.duration(check.timeout)), "
      + "\(Amounts.count(check.retries, "failure")) in a row \(check.retries == 1 ? "decides" : "decide"), "
      + "passes after \(check.successes) in a row, at most \(Amounts.duration(check.deadline)) in all"
  }

  static func commands(of check: Check) -> [PlannedCommand] {
    guard case .run(let command, let user) = check.kind else { return [] }
    return [PlannedCommand(role: .check, command: command, user: user, timeout: check.timeout)]
  }

  static func weight(of check: Check) -> String {
    check.severity == .required ? "required: it decides" : "advisory: it reports only"
  }

  static func restoring(_ when: RestoreWhen) -> String {
    switch when {
    case .always: "put back on every return"
    case .unopened: "put back only if the new version was never opened to users"
    case .never: "never put back by belay; kept for a person"
    }
  }

  static func protection(of snapshot: Snapshot) -> Protection {
    var result = Protection(protected: [], notProtected: [])
    for path in snapshot.paths {
      guard path.isCopied else {
        result.notProtected.append("\(path.path) (declared: copy none)")
        continue
      }
      var text = "\(path.path): \(restoring(path.restoreWhen))"
      if let limit = path.maxSize { text += "; refused above \(Amounts.size(limit))" }
      if !path.exclude.isEmpty {
        result.notProtected.append("\(path.path): " + path.exclude.joined(separator: ", "))
      }
      result.protected.append(text)
    }
    for dump in snapshot.dumps {
      result.protected.append("dump '\(dump.name)': \(restoring(dump.restoreWhen))")
    }
    return result
  }
}
