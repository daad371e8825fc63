import TestSupport

/// What interrupts: the columns of the table.
enum Disturbance: String, Sendable, CaseIterable {
  case scriptKilled = "script killed"
  case dpkgKilled = "dpkg killed"
  case aptKilled = "apt killed"
  case settleKilled = "settle killed"
  case powerCut = "power cut"
  case diskFull = "disk full"
  case controlC = "Ctrl-C"
  case shutdown = "shutdown"

  /// Installs the package, lets this happen when the program is at the point, and waits until the command is gone.
  func play(at cell: InterruptionTable.Cell, in host: Host) async throws {
    let command =
      "apt-get -q -y --allow-change-held-packages -o Dpkg::Options::=--force-confold install"
      + " /srv/repo/shop_\(cell.version)_all.deb" + (cell.isInTheInterim ? " /srv/repo/slow_1_all.deb" : "")
    if cell.isInTheInterim { try await host.succeed("touch /run/slow-wait /run/slow-until-interim") }
    // Where the table says "script", or "settle" on the way back, that is who stands at the point.
    let isWhoIsThere = self == .scriptKilled || self == .settleKilled && cell.settleIsThere
    if isWhoIsThere {
      try await host.write("/var/lib/belay/shop/fault", "\(cell.point) kill\n")
      _ = try await host.run(command)
      try await host.commandIsGone()
      return
    }
    try await host.reach(cell.point, command, onTerminal: self == .controlC)
    switch self {
    case .scriptKilled: break
    case .dpkgKilled: try await host.release("pkill -KILL -x dpkg")
    case .aptKilled: try await host.release("pkill -KILL -x apt-get")
    case .settleKilled where cell.isOnTheWayBack: try await host.release("pkill -KILL -f '[b]elay settle'")
    case .settleKilled: try await host.release("systemctl kill -s KILL belay-shop-deferred.service")
    case .powerCut: try await host.powerCut()
    case .diskFull:
      try await host.fill()
      try await host.release("true")
      try await host.until("! pgrep -x apt-get", within: .seconds(90))
      try await host.free()
    case .controlC: try await host.pressControlC(whoGoes: cell.isOnTheWayBack ? nil : "info/[s]hop|[b]elay-before")
    case .shutdown: try await host.reboot("rm -f /run/fault")
    }
    try await host.commandIsGone()
  }
}

extension InterruptionTable.Cell {
  /// Whether it is settle itself that stands at the point, and not a script that its apt runs.
  var settleIsThere: Bool { isOnTheWayBack && !point.hasPrefix("returning-") }
}

extension Host {
  /// Runs the command in the background until the program waits at the point; a boot takes the fault away (`/run`).
  func reach(_ point: String, _ command: String, onTerminal: Bool = false) async throws {
    try await succeed(
      "echo '\(point) wait' > /run/fault; ln -s /run/fault /var/lib/belay/shop/fault; sync; mkfifo /run/keys")
    let run =
      onTerminal
      ? "sleep 1000 > /run/keys & script -qefc '\(command)' /run/command.log < /run/keys > /dev/null 2>&1"
      : "\(command) > /run/command.log 2>&1 < /dev/null"
    try await succeed("setsid sh -c \"\(run)\" > /dev/null 2>&1 < /dev/null &")
    try await until("[ -e /var/lib/belay/shop/fault.reached ]", within: .seconds(60))
  }

  /// After `reach`: makes the next boot stand at the point, while whoever stands at one now stays there.
  func reachAtNextBoot(_ point: String) async throws {
    try await write("/etc/tmpfiles.d/fault.conf", "C /run/fault - - - - /srv/next-fault\n")
    try await succeed("rm -f /var/lib/belay/shop/fault.reached; echo '\(point) wait' > /srv/next-fault; sync")
  }

  /// The next boot stands nowhere.
  func reachNothing() async throws {
    try await succeed("rm -f /etc/tmpfiles.d/fault.conf /srv/next-fault /var/lib/belay/shop/fault.reached; sync")
  }

  /// Does something while the program waits, then lets it go on.
  func release(_ action: String) async throws {
    try await succeed("sync; \(action); rm -f /run/fault")
  }

  /// Presses Ctrl-C on the terminal of `reach`, and gives it the time to get through apt's terminal to dpkg's.
  ///
  /// - Parameter whoGoes: a pattern of command lines that it ends; nil: who stands at the point ignores it.
  func pressControlC(whoGoes: String?) async throws {
    try await succeed("sync; printf '\\003' > /run/keys")
    let isGone = whoGoes.map { "! pgrep -f '\($0)'" } ?? "grep -q '\\^C\\|interrupted' /run/command.log"
    // Nobody promises that it is heard: the table says what both come to.
    _ = try await run("for n in $(seq 60); do \(isGone) && break; sleep 0.05; done")
    try await succeed("rm -f /run/fault")
  }

  /// Nobody works any more: neither the command nor what settles after it.
  func commandIsGone() async throws {
    try await until(
      #"""
      ! pgrep -x 'apt-get|dpkg' && ! pgrep -f 'belay-before|belay settle|info/[s]hop' &&
        case $(systemctl show -p ActiveState --value belay-shop-deferred.service belay-shop-settle.service belay-shop-probation.service) in
        *activating*) false ;; esac
      """#, within: .seconds(60))
  }
}
