import TestSupport
import Testing

/// What could not be judged is asked again by itself, until somebody can say.
@Suite(.needsHost) struct UnprovenTests {
  @Test(arguments: [true, false]) func itEndsByTheTimer(_ isGood: Bool) async throws {
    try await Host.booted(load: .waiting) { host in
      let before = try await host.useWatched("")
      try await host.succeed("touch /run/inconclusive")
      #expect(try await host.update().status == 0)
      #expect(try await host.words() == "unproven unproven 3")
      let transaction = try await host.succeed("readlink /var/lib/belay/shop/open")
      let again = try await host.apt("install --reinstall shop=2.0")
      #expect(again.status == 0, "\(again.stderr)")
      #expect(try await host.succeed("readlink /var/lib/belay/shop/open") == transaction)
      try await host.succeed(isGood ? "rm /run/inconclusive" : "touch /run/fail; rm /run/inconclusive")
      try await host.isSettled()
      #expect(try await host.verdict() == (isGood ? "committed 0" : "returned 1"))
      let shop = try await host.shop()
      #expect(shop["leftovers"] == "")
      if !isGood { #expect(shop.difference(from: before) == "") }
      try await host.until("[ $(wc -l < /run/notified) -ge 2 ]")
      #expect(try await host.read("/run/notified") == "unproven\n\(isGood ? "committed" : "returned")\n")
    }
  }

  /// What a chroot could not do is owed until it is done, however often it fails.
  @Test func theStepsOfAGuestAreNotForgotten() async throws {
    try await Host.booted { host in
      _ = try await host.useWatched("")
      try await host.succeed(
        """
        mkdir /target; mount --bind / /target; mount -t proc proc /target/proc; mount --bind /srv/repo /target/srv/repo
        chroot /target dpkg --force-hold,confold -i /srv/repo/shop_2.0_all.deb
        """)
      #expect(try await host.words() == "unproven unproven 3")
      #expect(try await host.read("/srv/ledger/rows").hasPrefix("v1"))
      try await host.write("/var/lib/belay/shop/fault", "step-1-run instead exit 7\n")
      for _ in 1...2 {
        let check = try await host.run("belay-shop check")
        #expect(
          check.status == 1 && check.stderr.contains("still UNPROVEN: step 1/1 'migrate' failed"), "\(check.stderr)")
      }
      try await host.succeed("rm /var/lib/belay/shop/fault; systemctl restart shop; belay-shop check")
      #expect(try await host.read("/srv/ledger/rows").hasPrefix("v2"))
      #expect(try await host.words() == "committed committed 0")
    }
  }
}
