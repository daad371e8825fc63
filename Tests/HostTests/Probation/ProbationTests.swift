import TestSupport
import Testing

/// What passed stays under watch for a while, and goes back all the same when it fails then.
@Suite(.needsHost) struct ProbationTests {
  @Test func whatFailsInItGoesBack() async throws {
    try await inProbation("30m") { host, before, update in
      #expect(update.contains("PROBATION 2.0"))
      #expect(try await host.words() == "probation probation 0")
      // Nobody else's run is slower, or fails; a newer version waits; the same one again changes nothing.
      try await host.succeed("apt-get -q -y install other=2; apt-get -q -y --allow-downgrades install other=1")
      let newer = try await host.update(to: "3.0")
      #expect(newer.status == 100 && newer.stderr.contains("2.0 is in probation; first: belay-shop keep"))
      let again = try await host.apt("install --reinstall shop=2.0")
      #expect(again.status == 0, "\(again.stderr)")
      #expect(try await host.words() == "probation probation 0")
      try await host.succeed("touch /run/fail")
      try await host.isSettled()
      #expect(try await host.verdict() == "returned 1")
      let log = try await host.succeed("belay-shop log")
      #expect(log.contains("check 'decides' failed in probation"))
      let changed = try await host.shop().difference(from: before)
      #expect(changed.isEmpty)
    }
  }

  /// It is not lost by a cut or a reboot, and nothing of it is left at its end.
  @Test func itGoesOnAfterBoots() async throws {
    try await inProbation("5s", powerCuts: true) { host, _, _ in
      try await host.powerCut()
      try await host.until("[ -e /run/systemd/transient/belay-shop-probation.timer ]")
      try await host.reboot()
      try await host.isSettled()
      #expect(try await host.verdict() == "committed 0")
      let shop = try await host.shop()
      #expect(shop["serves"] == "2.0" && shop["leftovers"] == "", "\(shop)")
    }
  }

  /// After a boot it fails: the way back is there still.
  @Test func itFailsAfterABoot() async throws {
    try await inProbation("30m", powerCuts: true) { host, before, _ in
      try await host.powerCut()
      try await host.succeed("touch /run/fail")
      try await host.isSettled()
      #expect(try await host.verdict() == "returned 1")
      let changed = try await host.shop().difference(from: before)
      #expect(changed.isEmpty)
    }
  }

  @Test func whatIsInconclusivePauses() async throws {
    try await inProbation("4s") { host, _, _ in
      try await host.succeed("touch /run/inconclusive")
      // Longer than the probation.
      try await host.until("read -r _ _ ran waited < /var/lib/belay/shop/open/clock && [ $((waited - ran)) -gt 5000 ]")
      #expect(try await host.words() == "probation probation 0")
      #expect(try await host.run("belay-shop status").stdout.contains("paused, inconclusive: decides"))
      #expect(try await host.run("belay-shop status --json").stdout.contains("\"paused\": \"decides: "))
      try await host.succeed("rm /run/inconclusive")
      try await host.isSettled()
      #expect(try await host.verdict() == "committed 0")
      // Told once: of the probation, of the pause, of the end.
      try await host.until("[ $(wc -l < /run/notified) -ge 3 ]")
      #expect(try await host.read("/run/notified") == "probation\nprobation\ncommitted\n")
    }
  }

  @Test func aPersonEndsIt() async throws {
    try await inProbation("30m") { host, before, _ in
      #expect(try await host.exists("/var/lib/belay/shop/kept/shop_2.0_all.deb"))
      try await host.succeed("belay-shop return")
      try await host.lookIsOver()
      #expect(try await host.exists("/var/lib/belay/shop/kept/shop_2.0_all.deb") == false)
      let changed = try await host.shop().difference(from: before)
      #expect(changed.isEmpty)
      try await host.succeed("belay-shop unblock 2.0")
      #expect(try await host.update().status == 0)
      // On hold nothing is taken back, and no time passes.
      try await host.succeed("belay-shop hold somebody looks; touch /run/fail")
      #expect(try await host.words() == "probation hands-off 3")
      try await host.succeed("rm /run/fail; belay-shop unhold; belay-shop keep")
      try await host.succeed("cmp /srv/repo/shop_2.0_all.deb /var/lib/belay/shop/kept/shop_2.0_all.deb")
      #expect(try await host.words() == "committed committed 0")
      try await host.lookIsOver()
      #expect(try await host.shop()["leftovers"] == "")
      // Removed in the middle of it.
      #expect(try await host.update(to: "3.0").status == 0)
      #expect(try await host.words() == "probation probation 0")
      try await host.succeed("apt-get -q -y --allow-change-held-packages purge shop")
      try await host.lookIsOver()
      let left = try await host.succeed(
        "ls -d /var/lib/belay /run/belay /run/systemd/transient/belay-* /etc/systemd/system/belay-* 2> /dev/null || :")
      #expect(left == "")
    }
  }

  /// What a look saw while people broke things on purpose is no reason for a return when the hold is ended.
  @Test func aHoldMakesALookAnOldOne() async throws {
    try await inProbation("30m") { host, _, _ in
      let look = "touch /run/looks; while [ -e /run/looks ]; do sleep 0.1; done; exit 78"
      try await host.write("/var/lib/belay/shop/fault", "watched-1 instead \(look)\n")
      try await host.until("[ -e /run/looks ]")
      try await host.succeed("rm /var/lib/belay/shop/fault; belay-shop hold somebody looks; belay-shop unhold")
      try await host.succeed("rm /run/looks")
      try await host.until("systemctl show -p ActiveState --value belay-shop-probation.service | grep inactive")
      // The next look sees what is.
      try await host.until("systemctl start belay-shop-probation.service")
      #expect(try await host.words() == "probation probation 0")
    }
  }

  /// What a person asked for is about the state that was there: a look that decides meanwhile comes first.
  @Test(arguments: ["keep", "return"]) func whatALookEndedIsNotEndedAgain(_ verb: String) async throws {
    try await inProbation("30m") { host, before, _ in
      try await host.succeed("flock /var/lib/belay/shop/lock sleep 1001 > /dev/null 2>&1 &")
      try await host.until("! flock -n /var/lib/belay/shop/lock true")
      try await host.succeed("{ belay-shop \(verb) > /run/said 2>&1; echo $? >> /run/said; } > /dev/null 2>&1 &")
      // It waits for the lock, and is slower than the look that gets it next.
      try await host.until("pkill -STOP -xf 'flock -w 60 9'")
      try await host.succeed("touch /run/fail; pkill -xf 'sleep 1001'")
      try await host.until("! [ -L /var/lib/belay/shop/open ]", within: .seconds(60))
      try await host.succeed("pkill -CONT -xf 'flock -w 60 9'")
      try await host.until("grep -qx '[0-9]*' /run/said")
      let said = try await host.read("/run/said")
      let meanwhile = "belay: error: meanwhile the transaction is returned; see: belay-shop status\n74\n"
      #expect(said.hasSuffix(meanwhile), "\(said)")
      try await host.isSettled()
      #expect(try await host.verdict() == "returned 1")
      let changed = try await host.shop().difference(from: before)
      #expect(changed.isEmpty)
    }
  }

  /// A site that only observes takes nothing back, and calls it what it is.
  @Test func observedItStaysUnproven() async throws {
    try await inProbation("30m") { host, _, _ in
      try await host.succeed("\(ObservationTests.observing); touch /run/fail")
      try await host.until("belay-shop status --json | grep -q '\"state\": \"unproven\"'")
      #expect(try await host.answer() == "2.0")
      let status = try await host.run("belay-shop status")
      #expect(status.stdout.contains("have returned because check 'decides' failed in probation"), "\(status.stdout)")
      #expect(try await host.exists("/run/systemd/transient/belay-shop-unproven.timer") == false)
    }
  }

  /// Runs a test on a host that has been updated to a release with a probation.
  ///
  /// - Parameter body: gets the host, its state before the update, and what the update said.
  private func inProbation(
    _ time: String, powerCuts: Bool = false, _ body: (Host, ShopState, String) async throws -> Void
  ) async throws {
    try await Host.booted(load: .waiting, powerCuts: powerCuts) { host in
      let before = try await host.useWatched("probation: \(time)")
      let update = try await host.update()
      #expect(update.status == 0)
      try await body(host, before, update.stdout + update.stderr)
    }
  }
}
