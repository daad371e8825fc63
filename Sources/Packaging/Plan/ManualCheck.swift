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

  var lines: [ManualLine] {
    let advisory = check.severity == .advisory ? " || echo 'advisory: it reports only'" : ""
    return commands.map { .command($0 + advisory) }
  }

  private var commands: [String] {
    switch check.kind {
    case .http(let url, let status, let body):
      let curl = "curl -sS --max-time \(seconds(check.timeout)) --retry 10 --retry-connrefused --retry-delay 1"
      let codes = status.map(String.init).joined(separator: "|")
      let code = "\(curl) -o /dev/null -w '%{http_code}\\n' \(word(url)) | grep -Ex \(word(codes))"
      guard let body, !body.isEmpty else { return [code] }
      return [code, "\(curl) \(word(url)) | grep -P -e \(word(body))"]
    case .tcp(let address):
      let end = address.lastIndex(of: ":") ?? address.endIndex
      let host = address[..<end].filter { $0 != "[" && $0 != "]" }
      let port = String(address[end...].dropFirst())
      let test = "until (exec 3<>/dev/tcp/\(word(host))/\(word(port))) 2>/dev/null; do sleep 1; done"
      return ["timeout \(seconds(max(check.deadline, 10_000))) bash -c \(word(test))"]
    case .unit(let unit, _): return ["systemctl is-active \(word(unit))"]
    case .run(let command, let user): return [ManualCommand.running(command, user: user) + " </dev/null"]
    }
  }

  /// Whole seconds, rounded up: what curl and timeout take everywhere.
  private func seconds(_ milliseconds: Int) -> Int { max(1, (milliseconds + 999) / 1_000) }
  private func word(_ value: String) -> String { ShellWord.quoted(value) }
}
