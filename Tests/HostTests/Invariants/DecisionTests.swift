import TestSupport
import Testing

/// One return per bad version, resumed when interrupted, stranded when a step of it fails: invariant 6.
@Suite(.needsHost) struct DecisionTests {
  /// 4.0's return cannot begin: its hook waits as long as `/run/slow` is there, and fails as long as `/run/bad` is.
  private static let fallback = """
    fallback:
      before: ["while [ -e /run/slow ]; do sleep 0.05; done; [ ! -e /run/bad ]"]
    """

  @Test func fiveInterruptionsStrandIt() async throws {
    try await Host.booted(load: .waiting) { host in
      try await publish(host)
      try await host.useShop()
      try await host.write("/run/slow", "")
      try await host.succeed("! dpkg --force-confold -i /srv/repo/shop_4.0_all.deb")
      // The unit is killed in the middle of the hook and started again by systemd, until it gives up.
      let kills = try await host.succeed(
        #"""
        kills=0
        # hook: prints the process of the hook, as soon as there is one; nothing when the return is over.
        hook() {
          for try in $(seq 1200); do
            pgrep -o -f '[w]hile \[ -e /run/slow' && return
            [ -L /var/lib/belay/shop/open ] || return
            sleep 0.05
          done
        }
        while hook=$(hook) && [ -n "$hook" ] && [ "$kills" -lt 10 ]; do
          systemctl kill --kill-whom=main --signal=KILL belay-shop-deferred && kills=$((kills + 1))
          for try in $(seq 1200); do kill -0 "$hook" 2> /dev/null || break; sleep 0.05; done
        done
        echo "$kills"
        """#, timeout: .seconds(400))
      #expect(kills == "5" || kills == "6")
      let verdict = try await host.verdict()
      #expect(verdict == "stranded 2")
      try await expectUsable(host)
    }
  }

  @Test func aFailingStepStrandsIt() async throws {
    try await Host.booted { host in
      try await publish(host)
      try await host.useShop()
      try await host.write("/run/bad", "")
      let result = try await host.apt("install shop=4.0 other=2", options: "-o Dpkg::Options::=--force-confold")
      #expect(result.status == 100)
      let verdict = try await host.verdict()
      #expect(verdict == "stranded 2", "\(result.stderr)")
      let stranded = try await host.shop()
      try await expectUsable(host)
      // Nobody tries again by himself, however often he is called.
      try await host.succeed(
        "rm /run/bad; sh /var/lib/belay/shop/belay settle hook; sh /var/lib/belay/shop/belay settle boot")
      let after = try await host.shop()
      let changed = after.difference(from: stranded)
      #expect(changed.isEmpty)
      let plan = try await host.succeed("cat /var/lib/belay/shop/transactions/*-1.0-4.0/plan-b.txt")
      #expect(plan.contains("override"))
    }
  }

  /// The record refuses it, whoever asks; the pin keeps apt from proposing it; `unblock` ends both.
  @Test func aBadVersionIsRefused() async throws {
    try await Host.booted { host in
      try await host.publishShop()
      let before = try await host.useShop()
      try await host.succeed("apt-get clean; rm -f /srv/repo/shop_3.0*; apt-mark unhold shop")
      try await host.repository.remove("shop_3.0_*")
      _ = try await host.apt("install shop=2.0", options: "-o Dpkg::Options::=--force-confold")
      #expect(try await host.verdict() == "returned 1")
      for command in ["apt-get -q -y install shop=2.0 other=2", "dpkg --force-confold -i /srv/repo/shop_2.0_all.deb"] {
        let result = try await host.run(command)
        #expect(result.status != 0)
        #expect(try await host.verdict() == "refused 1", "\(command)")
        #expect(try await host.status(of: "other") == "install ok installed 1")
      }
      let upgrade = try await host.succeed("apt-get -s dist-upgrade | grep -c '^Inst shop' || :")
      #expect(upgrade == "0")
      var expected = before
      expected.parts["selection"] = "install"
      expected.parts["package"] = "install ok installed 1.0"
      let after = try await host.shop()
      // dpkg -i by hand has made it nobody's but the caller's.
      expected.parts["auto"] = after["auto"]
      let changed = after.difference(from: expected)
      #expect(changed.isEmpty)
      try await host.succeed("belay-shop unblock 2.0")
      let proposed = try await host.succeed("apt-get -s dist-upgrade | grep -c '^Inst shop .*2.0' || :")
      #expect(proposed == "1")
      _ = try await host.apt("install shop=2.0", options: "-o Dpkg::Options::=--force-confold")
      #expect(try await host.verdict() == "returned 1")
    }
  }

  private func publish(_ host: Host) async throws {
    try await host.publishShop()
    try await host.repository.add(
      ReleaseShelf.shared.deb("4.0 slow return") {
        TestRelease("4.0", .answers500, belay: TestRelease.richBelay(fallback: Self.fallback))
      })
  }

  /// Other packages come and go; apt's exit code 100 is what is promised.
  private func expectUsable(_ host: Host) async throws {
    let result = try await host.apt("install zother=2")
    #expect(result.status == 100)
    let status = try await host.status(of: "zother")
    #expect(status == "install ok installed 2", "\(result.stderr)")
    let shop = try await host.status(of: "shop")
    #expect(shop.contains(" ok half-configured 4.0"))
  }
}
