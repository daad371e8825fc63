import Foundation

extension Host {
  /// Starts it (again) and waits until systemd says that it is up.
  public func boot() async throws {
    try await bootWithoutWaiting()
    guard start == .systemd else { return }
    let isUp = "case $(systemctl is-system-running) in running | degraded) ;; *) false ;; esac"
    try await until(isUp, within: .seconds(90))
  }

  /// Starts it (again); its systemd is still at work then.
  public func bootWithoutWaiting() async throws { try await call("boot", [start.rawValue]) }

  /// An orderly restart, as an administrator's.
  ///
  /// - Parameter then: a command that still runs when it was asked for.
  public func reboot(_ then: String = "true") async throws {
    // The answer may be lost with the connection: what counts is that PID 1 ends. logind tells whoever waits for a
    // shutdown; where it denies it, as on Debian 13 even to root while apt works (its inhibitor), PID 1 is asked.
    _ = try await run(
      """
      systemctl reboot || systemctl start --no-block --job-mode=replace-irreversibly reboot.target
      \(then)
      """)
    try await waitUntilDown()
    try await boot()
  }

  /// Cuts the power: what was not synced is lost. Needs `powerCuts: true`.
  ///
  /// - Parameter boot: false: it stays off; `boot()` starts it.
  public func powerCut(boot again: Bool = true) async throws {
    try await call("cut")
    if again { try await boot() }
  }

  /// SIGKILLs PID 1 and everything else; what was written stays, synced or not.
  ///
  /// - Parameter boot: false: it stays off; `boot()` starts it.
  public func crash(boot again: Bool = true) async throws {
    try await call("kill")
    if again { try await boot() }
  }

  /// The pid of its PID 1 as this machine counts, and when it started.
  func initStamp() throws -> [Substring] {
    try String(contentsOfFile: directory + "/init", encoding: .utf8).split(separator: " ")
  }

  /// Waits until its PID 1 is gone, then clears away what is left of it. Asked from outside: in a host that goes down a
  /// question may never be answered.
  private func waitUntilDown() async throws {
    let clock = ContinuousClock()
    // systemd gives what does not end by itself 90 s.
    let limit = Duration.seconds(200)
    let deadline = clock.now + limit
    let stamp = try initStamp()
    let started = stamp.last?.trimmingCharacters(in: .newlines) ?? ""
    while let pid = stamp.first, let line = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) {
      // A pid alone may have been given to somebody else since; the start time is the 20th field behind the name.
      let fields = line[(line.lastIndex(of: ")") ?? line.startIndex)...].split(separator: " ")
      guard fields.count > 20, fields[20] == started else { break }
      guard clock.now < deadline else { throw HostError.unreached("the host is down", "", after: limit) }
      try await Task.sleep(for: .milliseconds(50))
    }
    try await call("kill")
  }
}
