import TestSupport
import Testing

/// Front ends that are stopped while the smoke checks run, and sessions that end under them.
@Suite(.needsHost) struct StoppedMidwayTests {
  struct Stop: Sendable, CustomStringConvertible {
    let description: String
    let command: String
    /// What is done while the checks run; nil: the host is shut down.
    let stop: String?
  }

  static let stops = [
    Stop(
      description: "unattended-upgrade, SIGTERM", command: "unattended-upgrade",
      stop: "pkill -TERM -f '/usr/bin/unattended-upgrade$'"),
    Stop(
      description: "apt-daily-upgrade.service, stopped", command: "systemctl start apt-daily-upgrade.service",
      stop: "systemctl stop --no-block apt-daily-upgrade.service"),
    Stop(
      description: "apt-daily-upgrade.service, shutdown", command: "systemctl start apt-daily-upgrade.service",
      stop: nil),
    Stop(
      description: "tee, killed", command: "sh -c 'apt-get -q -y dist-upgrade 2>&1 | tee /run/tee'",
      stop: "pkill -KILL -x tee"),
    Stop(
      description: "PackageKit, its daemon killed", command: "pkcon -y -p update",
      stop: "systemctl kill -s KILL packagekit.service"),
  ]

  @Test(arguments: stops) func itGoesBack(_ stop: Stop) async throws {
    try await goesBack { host in
      try await host.succeed("rm -f /var/lib/apt/periodic/*")
      try await host.reach("checking", stop.command)
      if let action = stop.stop { try await host.release(action) } else { try await host.reboot("rm -f /run/fault") }
      try await host.everybodyIsGone()
    }
  }

  /// unattended-upgrades that installs while the host goes down.
  @Test func installedOnShutdown() async throws {
    try await goesBack { host in
      try await host.write(
        "/etc/apt/apt.conf.d/53shutdown", "Unattended-Upgrade::InstallOnShutdown \"true\";\n")
      try await host.succeed("systemctl restart unattended-upgrades; rm -f /var/lib/apt/periodic/*")
      try await host.until("systemd-inhibit --list | grep -q -i unattended")
      try await host.reboot()
      let log = try await host.succeed("cat /var/log/unattended-upgrades/*")
      #expect(log.contains("RETURNED. 1.0 is installed"), "\(log)")
    }
  }

  /// A real sshd and logind: everything of the session is killed when the connection breaks off.
  @Test func anSshSessionIsKilled() async throws {
    try await goesBack { host in
      try await host.write(
        "/etc/systemd/logind.conf.d/kill.conf", "[Login]\nKillUserProcesses=yes\nKillExcludeUsers=nobody\n")
      try await host.succeed(
        """
        systemctl restart systemd-logind; mkdir -p -m 700 /root/.ssh; ssh-keygen -q -t ed25519 -N '' -f /root/.ssh/id
        cp /root/.ssh/id.pub /root/.ssh/authorized_keys
        """)
      try await host.reach(
        "checking",
        "ssh -i /root/.ssh/id -o BatchMode=yes -o StrictHostKeyChecking=no root@127.0.0.1 apt-get -q -y dist-upgrade")
      #expect(try await host.succeed("cat /proc/$(pgrep -x apt-get)/cgroup").contains("session-"))
      // The postinst still waits at its point when it is killed.
      try await host.succeed("pkill -KILL -x ssh")
      try await host.until("! pgrep -x 'apt-get|dpkg' && ! pgrep -f 'info/[s]hop'", within: .seconds(120))
      try await host.succeed("rm -f /run/fault")
      try await host.everybodyIsGone()
    }
  }

  /// Does this on a host that has an update waiting: afterwards the old version is back.
  private func goesBack(_ body: (Host) async throws -> Void) async throws {
    let shop = try await FrontEndShop.shared.layer()
    try await Host.booted(on: shop.layer) { host in
      let surroundings = try await host.surroundings()
      try await body(host)
      try await host.expectReturned(shop.state, surroundings)
    }
  }
}

extension Host {
  /// No front end works any more, and nothing of belay's.
  func everybodyIsGone() async throws {
    try await until("! pgrep -f '/usr/bin/unattended-upgrade( |$)' && ! pgrep -x pkcon", within: .seconds(60))
    try await commandIsGone()
  }

  /// The old version is back, whole, and apt works for everybody.
  func expectReturned(_ before: ShopState, _ surroundings: String) async throws {
    let log = try await succeed("cat /run/command.log 2> /dev/null || :")
    #expect(try await verdict() == "returned 1", "\(log)")
    let changed = try await shop().difference(from: before)
    #expect(changed.isEmpty, "\(changed)\n\(log)")
    let around = try await self.surroundings()
    #expect(around == surroundings, "\(log)")
    try await succeed("apt-get -q -y install other=2")
  }
}
