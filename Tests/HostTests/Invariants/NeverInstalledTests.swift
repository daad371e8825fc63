import TestSupport
import Testing

/// A version whose check failed must never be recorded as installed, whatever dpkg and apt do next: invariant 2.
///
/// apt's hook would take it back at once, so the attempt is bare dpkg's, with nobody to settle it.
@Suite(.needsHost) struct NeverInstalledTests {
  /// What dpkg is made to do with a shop whose 2.0 is half-configured; all that fails leaves it so.
  static let dpkgAttempts = [
    "dpkg -i /srv/other/truncated.deb", "dpkg -i /srv/other/flipped.deb", "dpkg -i /srv/repo/shop_5.0_all.deb",
    "dpkg -i /srv/repo/shop_6.0_all.deb", "dpkg -i /srv/repo/shop_2.0_all.deb", "dpkg --configure -a",
    "dpkg --configure shop", "dpkg --force-confold --configure -a", "dpkg -i /srv/repo/failing_1_all.deb",
    "dpkg --triggers-only -a", "dpkg -i /srv/repo/breaker_1_all.deb",
    "dpkg -i --auto-deconfigure /srv/repo/breaker_1_all.deb; dpkg -P breaker",
  ]
  /// apt's attempts: its hook takes 2.0 back at the end of the run.
  static let aptAttempts = [
    "apt-get -q -y install other=2", "apt-get -q -y -f install", "apt-get -q -y install other=2 failing=1",
    "apt-get -q -y --allow-change-held-packages install shop=6.0",
  ]

  @Test func aFailedVersionIsNeverInstalled() async throws {
    try await Host.booted { host in
      let before = try await leaveHalfConfigured(host)
      for attempt in Self.dpkgAttempts {
        _ = try await host.run(attempt)
        let status = try await host.status(of: "shop")
        #expect(status.contains(" ok half-configured 2.0") || status.contains(" ok unpacked 2.0"), "after \(attempt)")
      }
      try await host.succeed("dpkg -P breaker failing; apt-mark hold shop")
      _ = try await host.run("sh /var/lib/belay/shop/belay resume")
      try await expectReturned(host, before)
    }
  }

  @Test(arguments: aptAttempts) func aptTakesItBack(_ attempt: String) async throws {
    try await Host.booted { host in
      let before = try await leaveHalfConfigured(host)
      _ = try await host.run(attempt)
      let status = try await host.status(of: "shop")
      // What is refused before dpkg is called runs no hook at its end, and says what to do first.
      let isOwed = attempt.contains("6.0")
      #expect(status == (isOwed ? "install ok half-configured 2.0" : "hold ok installed 1.0"))
      if isOwed { _ = try await host.run("sh /var/lib/belay/shop/belay resume") }
      try await host.succeed("dpkg -P failing")
      try await expectReturned(host, before)
    }
  }

  private func expectReturned(_ host: Host, _ before: ShopState) async throws {
    let verdict = try await host.verdict()
    #expect(verdict == "returned 1")
    let after = try await host.shop()
    let changed = after.difference(from: before)
    #expect(changed.isEmpty)
  }

  /// After a return that stranded, dpkg's record is left as it is, and every later run leaves it so.
  @Test func aStrandedVersionIsNeverInstalled() async throws {
    try await Host.booted { host in
      _ = try await leaveHalfConfigured(host)
      try await host.succeed(
        "rm -f /var/lib/belay/shop/transactions/*-1.0-2.0/wayback/*.deb; rm /usr/local/sbin/systemd-run")
      _ = try await host.run("sh /var/lib/belay/shop/belay resume")
      let verdict = try await host.verdict()
      #expect(verdict == "stranded 2")
      for attempt in Self.dpkgAttempts + Self.aptAttempts {
        _ = try await host.run(attempt)
        let status = try await host.status(of: "shop")
        #expect(!status.contains(" ok installed"), "after \(attempt)")
      }
      let other = try await host.status(of: "other")
      #expect(other == "install ok installed 2")
      let still = try await host.verdict()
      #expect(still == "stranded 2")
    }
  }

  /// 1.0 in use, then 2.0 by dpkg with a failing check, and no unit to take it back.
  private func leaveHalfConfigured(_ host: Host) async throws -> ShopState {
    let shelf = ReleaseShelf.shared
    try await host.publishShop()
    try await host.repository.add(
      shelf.deb("5.0 clashing") {
        TestRelease("5.0", belay: TestRelease.richBelay(), files: ["/usr/share/other/version": "of shop\n"])
      },
      shelf.deb("6.0 refusing") {
        TestRelease("6.0", belay: TestRelease.richBelay(gates: "gates: {free_space: 900T}"))
      },
      shelf.foreign("failing") {
        ForeignPackage("failing", "1", scripts: ["postinst": "#!/bin/sh\nexit 1\n"])
      },
      shelf.foreign("breaker") { ForeignPackage("breaker", "1", fields: ["Breaks": "shop"]) })
    let before = try await host.useShop()
    try await host.succeed(
      #"""
      mkdir /srv/other; cd /srv/other
      head -c -900 /srv/repo/shop_3.0_all.deb > truncated.deb
      cp /srv/repo/shop_3.0_all.deb flipped.deb
      printf '\377\377' | dd of=flipped.deb bs=1 seek=$(($(stat -c %s flipped.deb) - 700)) conv=notrunc status=none
      printf '#!/bin/sh\nexit 1\n' > /usr/local/sbin/systemd-run; chmod 755 /usr/local/sbin/systemd-run
      ! dpkg --force-confold -i /srv/repo/shop_2.0_all.deb
      """#)
    let status = try await host.status(of: "shop")
    #expect(status == "install ok half-configured 2.0" || status == "hold ok half-configured 2.0")
    return before
  }
}
