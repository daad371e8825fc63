import TestSupport
import Testing

/// The hook and the deferred unit of one run, whoever comes first.
@Suite(.needsHost) struct WhoIsFirstTests {
  /// aptitude holds no lock when it calls the hooks: the unit is at work, or has ended, when ours comes.
  @Test(arguments: ["at work", "done"]) func theUnitUnderAptitude(_ unit: String) async throws {
    let shop = try await FrontEndShop.shared.layer()
    try await Host.booted(on: shop.layer) { host in
      let isThere = unit == "done" ? "! -L /var/lib/belay/shop/open" : "-e /var/lib/belay/shop/fault.reached"
      try await host.write(
        "/etc/apt/apt.conf.d/50slow", "DPkg::Post-Invoke { \"until [ \(isThere) ]; do sleep 0.05; done\"; };\n")
      if unit == "at work" { try await host.write("/var/lib/belay/shop/fault", "returning-preinst wait\n") }
      try await host.succeed(
        """
        setsid sh -c 'aptitude -q -y install shop=2.0 > /run/command.log 2>&1 < /dev/null; echo $? > /run/code' \
        > /dev/null 2>&1 &
        """)
      if unit == "at work" {
        try await host.until("pgrep -f 'settle hook-session'", within: .seconds(120))
        // The hook of another run has nothing to wait for.
        try await host.succeed("timeout 20 sh /var/lib/belay/shop/belay settle hook < /dev/null")
        #expect(try await host.exists("/run/code") == false)
        try await host.succeed("rm /var/lib/belay/shop/fault")
      }
      try await host.until("[ -s /run/code ]", within: .seconds(120))
      // No waiting from here on: what aptitude's caller sees is the end.
      let open = try await host.exists("/var/lib/belay/shop/open")
      let log = try await host.read("/run/command.log")
      #expect(open == false, "\(log)")
      #expect(try await host.read("/run/code") == "255\n")
      #expect(log.components(separatedBy: "RETURNED. 1.0 is installed, serving and checked").count == 2, "\(log)")
      #expect(log.contains("belay-result: package=shop state=returned"), "\(log)")
      #expect(!log.contains("Could not regain the system lock"))
      #expect(try await host.exists("/var/lib/belay/shop/told") == false)
      #expect(try await host.succeed("journalctl -o cat -u belay-shop-deferred").contains("RETURNED"))
      #expect(try await host.verdict() == "returned 1")
      let changed = try await host.shop().difference(from: shop.state)
      #expect(changed.isEmpty)
    }
  }

  /// A hook that fails ends apt's list of them, ours behind it too.
  @Test func anotherHookFails() async throws {
    let shop = try await FrontEndShop.shared.layer()
    try await Host.booted(on: shop.layer) { host in
      try await host.write("/etc/apt/apt.conf.d/10bad", "DPkg::Post-Invoke { \"false\"; };\n")
      let run = try await host.run("apt-get -q -y dist-upgrade")
      #expect(run.status == 100)
      #expect(!run.stderr.contains("RETURNED"))
      #expect(try await host.verdict() == "returned 1", "\(run.stderr)")
      #expect(try await host.succeed("journalctl -o cat -u belay-shop-deferred").contains("RETURNED"))
      let changed = try await host.shop().difference(from: shop.state)
      #expect(changed.isEmpty)
    }
  }

  /// Killed behind the unpack: nothing is broken, nothing starts by itself, and `status` says just that.
  @Test(arguments: ["dpkg --configure -a", "apt-get -q -y install other=2", "boot"])
  func killedWhileUnpacked(_ next: String) async throws {
    let shop = try await FrontEndShop.shared.layer()
    try await Host.booted(on: shop.layer) { host in
      // Behind the first of the two calls of dpkg: everything is unpacked, nothing configured.
      try await host.write(
        "/etc/dpkg/dpkg.cfg.d/kill",
        "post-invoke=[ -e /run/killed ] || { touch /run/killed; pkill -KILL -x apt-get; }\n")
      let killed = try await host.run("apt-get -q -y install shop=2.0")
      #expect(killed.status == 137, "\(killed.stdout)\(killed.stderr)")
      try await host.commandIsGone()
      #expect(try await host.status(of: "shop") == "install ok unpacked 2.0")
      #expect(try await host.shop()["serves"] == "1.0")
      let status = try await host.run("belay-shop status --wait")
      #expect(status.status == 3)
      #expect(!status.stdout.contains("starts by itself"), "\(status.stdout)")
      #expect(status.stdout.contains("dpkg --configure -a"), "\(status.stdout)")
      if next == "boot" { try await host.reboot() } else { _ = try await host.run(next) }
      #expect(try await host.verdict() == "returned 1")
      var after = try await host.shop()
      // The run named it, and nobody could put its mark back before it was killed.
      after.parts["auto"] = shop.state["auto"]
      let changed = after.difference(from: shop.state)
      #expect(changed.isEmpty)
    }
  }
}
