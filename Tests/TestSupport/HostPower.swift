extension Host {
  /// Starts it (again) and waits until systemd says that it is up.
  public func boot() async throws {
    try await HostScripts.call("boot", [name, start.rawValue])
    guard start == .systemd else { return }
    let isUp = "case $(systemctl is-system-running) in running | degraded) ;; *) false ;; esac"
    try await until(isUp, within: .seconds(90))
  }

  /// An orderly restart, as an administrator's.
  public func reboot() async throws {
    // The answer may be lost with the connection: what counts is that PID 1 ends.
    _ = try await run("systemctl reboot")
    try await waitUntilDown()
    try await boot()
  }

  /// Cuts the power: what was not synced is lost. Needs `powerCuts: true`.
  ///
  /// - Parameter boot: false: it stays off; `boot()` starts it.
  public func powerCut(boot again: Bool = true) async throws {
    try await HostScripts.call("cut", [name])
    if again { try await boot() }
  }

  /// SIGKILLs PID 1 and everything else; what was written stays, synced or not.
  ///
  /// - Parameter boot: false: it stays off; `boot()` starts it.
  public func crash(boot again: Bool = true) async throws {
    try await HostScripts.call("kill", [name])
    if again { try await boot() }
  }

  /// Waits until its PID 1 is gone, then clears away what is left of it.
  private func waitUntilDown() async throws {
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(100)
    while try await run("true", timeout: .seconds(120)).status == 0 {
      guard clock.now < deadline else { throw HostError.unreached("the host is down", "", after: .seconds(100)) }
      try await Task.sleep(for: .milliseconds(50))
    }
    try await HostScripts.call("kill", [name])
  }
}
