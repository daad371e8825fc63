import TestSupport
import Testing

/// What must be as before after a return, and what must not be deleted by it: invariant 4.
@Suite(.needsHost) struct LossTests {
  /// How the run was told to treat conffiles, and what the administrator had done.
  static let cases: [(conffiles: String, arrange: String)] = [
    ("--force-confold", "echo '# edited' >> /etc/shop/shop.conf"),
    ("--force-confnew", "echo '# edited' >> /etc/shop/shop.conf"),
    ("--force-confnew", "rm /etc/shop/shop.conf.extra"),
    ("--force-confmiss,confold", "rm /etc/shop/shop.conf.extra"),
    ("--force-confdef", "apt-mark hold shop; apt-mark auto shop"),
    ("--force-confdef", "apt-mark manual shop"),
    ("--force-confdef", "systemctl disable --quiet shop"),
    ("--force-confdef", "systemctl disable --quiet --now shop"),
    ("--force-confdef", "chown daemon:daemon /etc/shop/shop.conf; chmod 0600 /etc/shop/shop.conf"),
    ("--force-confnew", "cp /etc/shop/shop.conf /etc/shop/shop.conf.dpkg-old"),
  ]

  @Test(arguments: cases, ["apt", "dpkg"])
  func aReturnLeavesEverythingAsItWas(_ loss: (conffiles: String, arrange: String), _ tool: String) async throws {
    try await Host.booted { host in
      try await publish(host)
      try await host.useShop("apt-get -q -y install shop=1.0")
      try await host.succeed(loss.arrange)
      let before = try await host.shop()
      let result =
        tool == "apt"
        ? try await host.apt("install /srv/repo/shop_2.0_all.deb", options: "-o Dpkg::Options::=\(loss.conffiles)")
        : try await host.run("dpkg \(loss.conffiles) -i /srv/repo/shop_2.0_all.deb < /dev/null")
      #expect(result.status == (tool == "apt" ? 100 : 1))
      let verdict = try await host.verdict()
      #expect(verdict == "returned 1", "\(result.stderr)")
      let after = try await host.shop()
      let changed = after.difference(from: before)
      #expect(changed.isEmpty, "\(result.stderr)")
    }
  }

  @Test func whatTheNewVersionWroteIsSetAside() async throws {
    try await Host.booted { host in
      try await host.publishShop()
      let before = try await host.useShop()
      let result = try await host.apt("install shop=2.0", options: "-o Dpkg::Options::=--force-confnew")
      #expect(result.status == 100)
      let after = try await host.shop()
      let changed = after.difference(from: before)
      #expect(changed.isEmpty)
      let aside = try await host.succeed("cat /var/lib/shop.belay-*/entries")
      #expect(aside == "first\nwritten-by-the-new")
      let job = try await host.succeed("find /var/lib/belay/shop -path '*/aside/*cron.d/shop' | wc -l")
      #expect(job == "1")
      let report = try await host.succeed("belay-shop log")
      #expect(report.contains("/var/lib/shop.belay-") && report.contains("cron.d/shop"))
    }
  }

  /// 1.0 and 2.0 with two conffiles, both changed in 2.0, and one that is new.
  private func publish(_ host: Host) async throws {
    let shelf = ReleaseShelf.shared
    try await host.repository.add(
      shelf.deb("loss 1.0") {
        TestRelease("1.0", belay: TestRelease.richBelay(migrates: false), files: ["/etc/shop/shop.conf.extra": "one\n"])
      },
      shelf.deb("loss 2.0") {
        TestRelease(
          "2.0", .answers500, belay: TestRelease.richBelay(steps: TestRelease.writingStep),
          files: ["/etc/shop/shop.conf.extra": "two\n", "/etc/cron.d/shop": "# new\n"],
          configuration: "port=8080\nnew=yes\n")
      })
  }
}
