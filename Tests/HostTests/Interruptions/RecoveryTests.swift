import TestSupport
import Testing

/// What recovers is interrupted too; and what must not recover: invariants 3 and 6.
@Suite(.needsHost) struct RecoveryTests {
  private static let upgrade =
    "apt-get -q -y --allow-change-held-packages -o Dpkg::Options::=--force-confold install shop=2.0"

  /// Points of the way back in its order; each chain of five is cut at the first that it reaches of the next row.
  static let chains: [[String]] = [
    ["checking", "returning", "stopped", "dump-1", "data", "etc"],
    ["updating", "before", "undone", "path-2", "returning-preinst", "returned"],
    ["step-1", "stopped", "undone", "data", "returning-postinst", "package"],
    ["saved", "returning-preinst", "returning-preinst", "returning-postinst", "returning-postinst", "etc"],
    ["checking", "dump-1", "path-2", "package", "path-1", "returned"],
  ]

  /// The power is cut on the way forward, then five times more, each time while the boot before is recovering.
  @Test(arguments: chains) func cutsFiveDeep(_ chain: [String]) async throws {
    let shop = try await UsedShop.shared.layer()
    try await Host.booted(on: shop.layer, powerCuts: true) { host in
      let forward = chain[0]
      try await host.reach(forward, Self.upgrade)
      for point in chain.dropFirst() {
        try await host.reachAtNextBoot(point)
        try await host.powerCut(boot: false)
        try await host.bootUntil("[ -e /var/lib/belay/shop/fault.reached ]")
      }
      try await host.reachNothing()
      try await host.powerCut()
      try await host.commandIsGone()
      #expect(try await host.run("apt-get -q -y install other=2").status == 0)
      try await host.expect(.old, of: "2.0", before: shop.state, "\(chain)")
    }
  }

  /// A clock that is a year off, in whatever direction, is no reason to do anything else at the boot.
  @Test(arguments: ["-365d", "+365d"]) func theClockIsWrongAtTheBoot(_ offset: String) async throws {
    let shop = try await UsedShop.shared.layer()
    try await Host.booted(on: shop.layer, powerCuts: true) { host in
      try await host.write(
        "/etc/systemd/system/belay-shop-settle.service.d/clock.conf",
        """
        [Service]
        Environment=FAKETIME=\(offset)
        ExecStartPre=sh -c 'date +%%s > /srv/clock'
        Environment=LD_PRELOAD=/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1

        """)
      try await host.reach("stopped", Self.upgrade)
      try await host.reachNothing()
      try await host.powerCut()
      try await host.commandIsGone()
      // It was wrong indeed.
      let seconds = try await host.succeed("echo $(($(date +%s) - $(cat /srv/clock)))")
      #expect(abs(Int(seconds) ?? 0) > 360 * 86_400)
      try await host.succeed(
        "rm -r /srv/clock /etc/systemd/system/belay-shop-settle.service.d; systemctl daemon-reload")
      try await host.expect(.old, of: "2.0", before: shop.state, offset)
    }
  }

  /// A return that is killed again and again at the same place ends: nothing is tried for ever.
  @Test func fiveTimesWithoutProgressIsTheEnd() async throws {
    let shop = try await UsedShop.shared.layer()
    try await Host.booted(on: shop.layer) { host in
      // Whoever restores the dump is killed by it, whoever that is.
      try await host.write(
        "/var/lib/belay/shop/fault", "dump-1-restore instead pkill -KILL -f '[b]elay/shop.*(settle|resume)'; sleep 9\n")
      _ = try await host.run(Self.upgrade)
      try await host.until("! [ -L /var/lib/belay/shop/open ]", within: .seconds(60))
      #expect(try await host.verdict() == "stranded 2")
      let log = try await host.succeed("sh /var/lib/belay/shop/belay log")
      #expect(log.contains("interrupted 5 times without progress"))
      // Stranded stops everything: no unit is left that could begin again, and a reboot changes nothing.
      try await host.succeed("rm -f /var/lib/belay/shop/fault*")
      try await host.reboot()
      #expect(try await host.verdict() == "stranded 2")
      #expect(try await host.shop()["leftovers"] == "")
    }
  }

  /// The site's pins win over ours, and apt proposes the bad version for ever: it is tried once.
  @Test func noPinMakesALoop() async throws {
    try await Host.booted { host in
      try await host.publishShop()
      try await host.useShop()
      try await host.succeed("apt-mark unhold shop")
      try await host.repository.remove("shop_3.0_*")
      for name in ["00-site", "zz-site"] {
        try await host.write(
          "/etc/apt/preferences.d/\(name)", "Package: shop\nPin: version 2.0\nPin-Priority: 1001\n")
      }
      for round in 1...4 {
        let run = try await host.apt("dist-upgrade", options: "-o Dpkg::Options::=--force-confold")
        #expect(run.status == 100, "round \(round): \(run.stdout)")
        #expect(try await host.shop()["serves"] == "1.0", "round \(round)")
        #expect(round == 1 || run.stderr.contains("unblock 2.0"), "\(run.stderr)")
      }
      // 1.0 once, 2.0 once: whatever is refused is not unpacked. And apt works for everybody else.
      let unpacked = "cat /var/lib/belay/shop/transactions/*/journal | grep -c \"$(printf 'state\\tunpacked')\""
      #expect(try await host.succeed(unpacked) == "2")
      try await host.succeed("apt-get -q -y install other=2")
    }
  }

  /// A copy of the disk under another machine-id leaves the transaction of its parent alone, until a person says so.
  @Test func aCloneDoesNotAct() async throws {
    let shop = try await UsedShop.shared.layer()
    try await Host.booted(on: shop.layer, powerCuts: true) { host in
      try await host.reach("checking", Self.upgrade)
      try await host.succeed("echo 0123456789abcdef0123456789abcdef > /etc/machine-id; sync")
      try await host.powerCut()
      try await host.commandIsGone()
      let state = try await host.succeed("readlink /var/lib/belay/shop/open")
      #expect(try await host.verdict() == "owed 3")
      let status = try await host.run("belay-shop status")
      #expect(status.stdout.contains("copy of another machine") && status.stdout.contains("belay-shop resume"))
      // Neither the boot nor somebody else's apt run: the package is as it was cut.
      #expect(
        try await host.succeed("apt-get -q -y install other=2; readlink /var/lib/belay/shop/open").hasSuffix(state))
      #expect(try await host.status(of: "shop").hasSuffix("half-configured 2.0"))
      _ = try await host.run("belay-shop resume")
      try await host.expect(.old, of: "2.0", before: shop.state, "a clone, after resume")
    }
  }

  /// The boot unit hangs for ever, and the boot is over all the same.
  @Test func noBootWaits() async throws {
    let shop = try await UsedShop.shared.layer()
    try await Host.booted(on: shop.layer, powerCuts: true) { host in
      try await host.reach("returning", Self.upgrade)
      try await host.reachAtNextBoot("stopped")
      try await host.powerCut(boot: false)
      try await host.bootUntil("[ -e /var/lib/belay/shop/fault.reached ]")
      try await host.until("systemctl is-active multi-user.target")
      #expect(try await host.succeed("systemctl show -p ActiveState --value belay-shop-settle") == "activating")
      try await host.reachNothing()
      try await host.succeed("rm -f /run/fault")
      try await host.commandIsGone()
      try await host.expect(.old, of: "2.0", before: shop.state, "after a boot that nobody waited for")
    }
  }

  /// Without systemd as PID 1 nobody starts a unit at boot.
  @Test func withoutAnInitAPersonResumes() async throws {
    try await Host.bare(powerCuts: true) { host in
      try await host.publishShop()
      try await host.succeed("mkdir -p /srv/ledger; printf 'v1\\nrow\\nend\\n' > /srv/ledger/rows")
      try await host.succeed("apt-get install -q -y shop=1.0 other=1; belay-shop keep; sync")
      try await host.succeed(
        "echo 'configure-begun wait' > /var/lib/belay/shop/fault; sync; setsid apt-get -q -y install shop=3.0 > /run/log 2>&1 < /dev/null &"
      )
      try await host.until("[ -e /var/lib/belay/shop/fault.reached ]")
      try await host.succeed("rm /var/lib/belay/shop/fault*; sync")
      try await host.powerCut()
      #expect(try await host.run("belay-shop status").stdout.contains("OWED"))
      // dpkg's journal is dirty, and no unit merges it here; a person's word does all of it.
      let resumed = try await host.run("belay-shop resume")
      #expect(resumed.stderr.contains("RETURNED. 1.0 is installed, not started and not checked"), "\(resumed.stderr)")
      try await host.succeed("apt-get -q -y install other=2")
      // No service, no check: nothing here can say that the old version is bad, and it is not stranded.
      #expect(try await host.verdict() == "returned 1")
      #expect(try await host.status(of: "shop") == "install ok installed 1.0")
      #expect(try await host.exists("/var/lib/belay/shop/open") == false)
    }
  }
}

extension Host {
  /// Starts it again and waits for something that happens while it boots.
  func bootUntil(_ condition: String) async throws {
    try await bootWithoutWaiting()
    try await until(condition, within: .seconds(60))
  }
}
