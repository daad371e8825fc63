import TestSupport
import Testing

/// `confirm`: whoever cannot get in any more does not have to.
@Suite(.needsHost) struct ConfirmTests {
  /// By systemd's sessions, and where nobody keeps those by sshd's connections.
  @Test(arguments: ["with logind", "without it"]) func onlyANewLoginConfirms(_ how: String) async throws {
    try await Host.booted(.login, load: .waiting) { host in
      _ = try await host.useWatched("confirm: {within: 10m, by: new_login}")
      try await host.openDoors()
      if how == "without it" {
        try await host.succeed("sed -i /pam_systemd/d /etc/pam.d/*; systemctl mask --now systemd-logind")
      }
      let early = try await host.login("sudo belay-shop confirm")
      #expect(early.status == 64, "\(early.stderr)")
      // su, sudo and what it started in the background are the old session still.
      let update = "sudo apt-get -q -y --allow-change-held-packages -o Dpkg::Options::=--force-confold install shop=2.0"
      let old = try await host.login("\(update) > /dev/null 2>&1; sudo belay-shop confirm; sudo -i belay-shop confirm")
      #expect(old.status == 1 && old.stderr.contains("log in again"), "\(old.stdout)\(old.stderr)")
      #expect(try await host.words() == "probation probation 0")
      // A session that asks by a unit, or none at all.
      let none = try await host.run("systemd-run --quiet --pipe --wait belay-shop confirm")
      #expect(none.status == 74 && none.stderr.contains("no login session"), "\(none.stderr)")
      let new = try await host.login("sudo belay-shop confirm")
      #expect(new.status == 0 && new.stdout.contains("2.0 is confirmed by keeper"), "\(new.stdout)\(new.stderr)")
      try await host.isSettled()
      #expect(try await host.verdict() == "committed 0")
      #expect(try await host.shop()["leftovers"] == "")
    }
  }

  /// Both lock everybody out, and only what is open already still works.
  @Test(arguments: ["nftables", "sudoers"]) func whoeverIsLockedOutGetsBackIn(_ lock: String) async throws {
    try await Host.booted(.login, load: .waiting) { host in
      let before =
        lock == "nftables"
        ? try await host.useWatched("confirm: {within: 4s}", steps: Self.firewall)
        : try await host.useWatched("confirm: {within: 4s}", files: ["/etc/sudoers.d/shop": "keeper ALL=(ALL) !ALL\n"])
      try await host.openDoors()
      #expect(try await host.login("sudo true").status == 0)
      #expect(try await host.update().status == 0)
      #expect(try await host.login("sudo -n belay-shop confirm").status != 0)
      try await host.isSettled()
      #expect(try await host.verdict() == "returned 1")
      #expect(try await host.succeed("belay-shop log").contains("not confirmed within 4 s"))
      #expect(try await host.login("sudo true").status == 0)
      let changed = try await host.shop().difference(from: before)
      #expect(changed.isEmpty)
    }
  }

  private static let firewall = """
      - name: close the doors
        stage: started
        run: nft 'add table inet shop; add chain inet shop in { type filter hook input priority 0; }; add rule inet shop in tcp dport 22 drop'
        undo: nft delete table inet shop
    """
}

extension Host {
  /// An keeper who comes in by ssh and has sudo.
  fileprivate func openDoors() async throws {
    try await succeed(
      #"""
      useradd -m -s /bin/bash keeper
      echo 'keeper ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/10-keeper
      ssh-keygen -q -t ed25519 -N '' -f /root/key
      install -d -o keeper -m 0700 ~keeper/.ssh; install -o keeper -m 0600 /root/key.pub ~keeper/.ssh/authorized_keys
      systemctl restart ssh
      """#)
  }

  /// One connection of the keeper's, and what a command in it says.
  fileprivate func login(_ command: String) async throws -> CommandResult {
    try await run(
      #"ssh -q -i /root/key -o BatchMode=yes -o StrictHostKeyChecking=no -o ConnectTimeout=2 keeper@127.0.0.1 "$command""#,
      environment: ["command": command])
  }
}
