import TestSupport
import Testing

/// What the site's rules do to an update.
@Suite(.needsHost) struct SiteRuleTests {
  private static let install = "-o Dpkg::Options::=--force-confold"

  /// A freeze, missing approvals, and who may skip them.
  @Test func gatesOfTheSiteAndTheirOverride() async throws {
    try await Host.booted { host in
      let before = try await host.useSwitchable()
      for (rules, reason, passes) in [
        ("freeze=the fair", "", false), ("freeze=the fair", "the site is down", false),
        ("freeze=the fair\noverrides=window,space", "the site is down", false),
        ("freeze=the fair\nmode=observe", "", false), ("approvals=2", "", false),
        ("approvals=2\nfreeze=the fair\noverrides=approvals,freeze", "", false),
        ("approvals=2\nfreeze=the fair\noverrides=approvals,freeze", "the site is down", true),
      ] {
        try await host.write("/etc/belay/policy.d/site.conf", rules + "\n")
        let result = try await host.run(
          "BELAY_OVERRIDE='\(reason)' apt-get -q -y --allow-change-held-packages \(Self.install) install shop=2.0 other=2"
        )
        #expect(result.status == (passes ? 0 : 100), "\(rules): \(result.stderr)")
        if !passes {
          #expect(result.stderr.contains("FAILED"), "\(rules): \(result.stderr)")
          #expect(result.stderr.contains("names: overrides=") == !reason.isEmpty, "\(rules): \(result.stderr)")
          #expect(try await host.words() == "refused refused 1", "\(rules)")
          let changed = try await host.shop().difference(from: before)
          #expect(changed.isEmpty, "\(rules)")
          continue
        }
        #expect(
          result.stderr.contains("gate freeze OVERRIDDEN: the fair (BELAY_OVERRIDE: the site is down)"),
          "\(result.stderr)")
        #expect(try await host.words() == "committed committed 0")
        let status = try await host.run("belay-shop status")
        #expect(status.stdout.contains("overridden freeze: the site is down, approvals: the site is down"))
      }
      // A return asks no gate.
      let back = try await host.run("belay-shop return")
      #expect(back.status == 0, "\(back.stderr)")
    }
  }

  @Test func inconclusiveIsAReturn() async throws {
    try await Host.booted { host in
      let before = try await host.useSwitchable()
      try await host.write("/etc/belay/policy.d/site.conf", "inconclusive=return\n")
      try await host.succeed("touch /run/inconclusive")
      let result = try await host.apt("install shop=2.0", options: Self.install)
      #expect(try await host.verdict() == "returned 1", "\(result.stderr)")
      #expect(result.stderr.contains("inconclusive=return"))
      let changed = try await host.shop().difference(from: before)
      #expect(changed.isEmpty)
    }
  }

  /// Without a way back a failure is held, and the Plan B says what to bring.
  @Test func aMissingWayBackIsAllowed() async throws {
    try await Host.booted { host in
      let before = try await host.useSwitchable()
      try await host.succeed("cp /srv/repo/shop_1.0_all.deb /srv/old.deb")
      for (interruption, decision) in [("", "keep"), ("saved", "plan"), ("checking", "plan")] {
        try await host.write("/etc/belay/policy.d/site.conf", "way_back=optional\n")
        try await host.repository.remove("shop_1.0_*")
        try await host.succeed(
          "rm -rf /var/lib/belay/shop/kept; apt-get clean; touch /run/fail;"
            + " dpkg-statoverride --add --update root root 0644 /usr/lib/shop/version")
        if !interruption.isEmpty { try await host.write("/var/lib/belay/shop/fault", "\(interruption) kill\n") }
        let result = try await host.apt("install shop=2.0", options: Self.install)
        #expect(result.status == 100, "\(interruption): \(result.stderr)")
        #expect(result.stderr.contains("NO WAY BACK"), "\(result.stderr)")
        #expect(try await host.verdict() == "held 2", "\(interruption): \(result.stderr)")
        try await expectSwitch("way_back=optional, no way back", in: host)
        #expect(try await host.shop()["active"] == "active")
        let refused = try await host.run("belay-shop return --accept-loss")
        #expect(refused.status == 74 && refused.stderr.contains("no way back was kept"), "\(refused.stderr)")
        try await host.succeed("rm -f /var/lib/belay/shop/fault /run/fail")
        try await host.repository.add(ReleaseShelf.shared.deb("switchable 1.0") { .switchable("1.0") })
        try await host.succeed("dpkg-statoverride --remove /usr/lib/shop/version")
        if decision == "keep" {
          try await host.succeed("belay-shop keep")
          #expect(try await host.words() == "committed committed 0")
          try await expectSwitch("no way back", in: host)
          try await host.bringBack()
        } else {
          try await host.succeed(
            "plan=$(ls -d /var/lib/belay/shop/transactions/*); plan=${plan##*$'\\n'}; cp /srv/old.deb $plan/wayback; bash -e $plan/plan-b.txt"
          )
          // What was done by hand under the override is a transaction of its own.
          #expect(try await host.words() == "committed committed 0")
          try await host.succeed("sh /var/lib/belay/shop/belay unblock 2.0")
        }
        let changed = try await host.shop().difference(from: before)
        #expect(changed.isEmpty, "\(decision)")
      }
    }
  }

  /// Kept packages lie where the site says, are a way back from there, and go with the package.
  @Test func theStoreIsUsed() async throws {
    try await Host.booted { host in
      try await host.succeed("install -d -m 0700 /srv/store '/srv/other store'")
      try await host.write("/etc/belay/policy.d/site.conf", "store=/srv/store\n")
      let before = try await host.useSwitchable()
      #expect(try await host.exists("/srv/store/shop/shop_1.0_all.deb"))
      #expect(try await host.run("ls /var/lib/belay/shop/kept/*.deb").status != 0)
      // Another one later: what lies in the first is found all the same.
      try await host.write("/etc/belay/policy.d/site.conf", "store=/srv/other store\n")
      try await host.succeed("touch /run/fail; apt-get clean")
      try await host.repository.remove("shop_1.0_*")
      let result = try await host.apt("install shop=2.0", options: Self.install)
      #expect(try await host.verdict() == "returned 1", "\(result.stderr)")
      let changed = try await host.shop().difference(from: before)
      #expect(changed.isEmpty)
      try await host.succeed("rm /run/fail; belay-shop unblock 2.0")
      _ = try await host.apt("install shop=2.0", options: Self.install)
      #expect(try await host.words() == "committed committed 0")
      #expect(try await host.exists("/srv/other store/shop/shop_2.0_all.deb"))
      let verified = try await host.run("belay-shop verify")
      #expect(verified.status == 0 && verified.stdout.contains("ok      /srv/store/shop/shop_1.0_all.deb"))
      try await host.succeed("apt-mark unhold shop; apt-get -q -y purge shop")
      #expect(try await host.succeed("find /srv/store '/srv/other store' -mindepth 1") == "")
    }
  }
}
