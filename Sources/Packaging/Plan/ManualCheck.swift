import ReleaseDescription

/// Commands of a release as a person runs them.
enum ManualCommand {
  /// bash expands `NAME=~account` in an argument; an account that needs quoting keeps the caller's HOME.
  static func running(_ command: String, user: String?) -> String {
    let bash = "bash -eu -o pipefail -c \(ShellWord.quoted(command))"
    guard let user, user != "root" else { return "env -C / \(bash)" }
    let name = ShellWord.quoted(user)
    return "runuser -u \(name) -- env -C / " + (name == user ? "HOME=~\(user) " : "") + bash
  }
}

/// A smoke check by hand: it waits for the service to come up, then prints and decides.
struct ManualCheck {
  let check: Check

  /// How long a unit stays up is not asked by hand.
  var question: String {
    guard case .unit(let unit, _) = check.kind else { return Describing.question(of: check) }
    return "\(unit) is active"
  }

  var lines: [ManualLine] {
    let advisory = check.severity == .advisory ? " || echo 'advisory: it reports only'" : ""
    return commands.map { .command($0 + advisory) }
  }

  private var commands: [String] {
    switch check.kind {
    case .http(let url, let status, let body):
      let codes = status.map(String.init).joined(separator: "|")
      let answer = [asking(url) + " >answer", "head -n 1 answer | grep -E \(word("^HTTP/[0-9.]+ (\(codes))\\b"))"]
      guard let body, !body.isEmpty else { return answer }
      return answer + ["grep -P -e \(word(body)) answer"]
    case .tcp(let address):
      let place = Place(authority: address, port: "")
      return ["timeout \(seconds(max(check.deadline, 10_000))) bash -c \(word(place.waiting))"]
    case .unit(let unit, _): return ["systemctl is-active \(word(unit))"]
    case .run(let command, let user): return [ManualCommand.running(command, user: user) + " </dev/null"]
    }
  }

  /// bash alone can ask over HTTP; only TLS needs another program.
  private func asking(_ url: String) -> String {
    guard url.hasPrefix("http://") else {
      return
        "curl -sS -i --max-time \(seconds(check.timeout)) --retry 10 --retry-connrefused --retry-delay 1 \(word(url))"
    }
    let rest = url.dropFirst("http://".count)
    let authority = String(rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }.split(separator: "@").last ?? "")
    let target = String(rest.drop { $0 != "/" && $0 != "?" && $0 != "#" }.prefix { $0 != "#" })
    let place = Place(authority: authority, port: "80")
    let path = target.hasPrefix("/") ? target : "/" + target
    let script =
      "\(place.waiting); exec 3<>\(place.device); printf \"GET %s HTTP/1.0\\r\\nHost: %s\\r\\n\\r\\n\""
      + " \(word(path)) \(word(authority)) >&3; cat <&3"
    return "timeout \(seconds(max(check.deadline, 10_000))) bash -c \(word(script))"
  }

  /// Whole seconds, rounded up: what curl and timeout take everywhere.
  private func seconds(_ milliseconds: Int) -> Int { max(1, (milliseconds + 999) / 1_000) }
  private func word(_ value: String) -> String { ShellWord.quoted(value) }
}

/// `HOST:PORT` as bash connects to it.
private struct Place {
  let host: String
  let port: String

  init(authority: String, port: String) {
    let end = authority.lastIndex(of: ":") ?? authority.endIndex
    let isPort = !authority[end...].contains("]")
    host = (isPort ? authority[..<end] : authority[...]).filter { $0 != "[" && $0 != "]" }
    let written = isPort ? String(authority[end...].dropFirst()) : ""
    self.port = written.isEmpty ? port : written
  }

  var device: String { "/dev/tcp/\(ShellWord.quoted(host))/\(ShellWord.quoted(port))" }
  var waiting: String { "until (exec 3<>\(device)) 2>/dev/null; do sleep 1; done" }
}
