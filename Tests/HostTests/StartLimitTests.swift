import TestSupport
import Testing

/// A service that crashes again and again uses up the starts that systemd allows: systemd.unit(5), StartLimitBurst=.
@Suite(.needsHost) struct StartLimitTests {
  private static let crashing = "\n[Unit]\nStartLimitBurst=3\nStartLimitIntervalSec=1h\n[Service]\nRestartSec=1ms\n"
  /// Not "activating (auto-restart)" any more.
  private static let isExhausted = "[ \"$(systemctl is-active shop.service)\" = failed ]"

  private func host(_ releases: [TestRelease], _ body: (Host) async throws -> Void) async throws {
    try await Host.booted { host in
      try await withScratch { directory in
        var debs: [String] = []
        for release in releases { debs.append(try await release.build(in: directory)) }
        try await host.repository.add(debs)
      }
      try await host.write("/etc/systemd/system/shop.service.d/crashing.conf", Self.crashing)
      try await body(host)
    }
  }

  /// The new version has used them up: the old one starts all the same.
  @Test func theOldVersionDoesNotSufferForTheNew() async throws {
    // The return begins when there is nothing left to use up.
    let fallback =
      "\nfallback:\n  before: ['for n in $(seq 100); do \(Self.isExhausted) && exit 0; sleep 0.05; done; exit 1']\n"
    let bad = TestRelease("2.0", .refusesToStart, belay: TestRelease.plainBelay + fallback)
    try await host([TestRelease("1.0"), bad]) { host in
      try await host.succeed("apt-get install -q -y shop=1.0")
      let result = try await host.run("apt-get install -q -y shop=2.0")
      #expect(result.status == 100)
      #expect(try await host.status(of: "shop") == "install ok installed 1.0", "\(result.stdout)\(result.stderr)")
      #expect(try await host.run(ShopCase.ask).stdout == "1.0", "\(result.stdout)\(result.stderr)")
      #expect(try await host.succeed("sh /var/lib/belay/shop/belay status; echo $?").hasSuffix("1"))
    }
  }

  /// The old version has: the new one is the repair, or is none, and the host is as broken as before.
  @Test(arguments: [TestRelease.Behaviour.works, .refusesToStart])
  func theNewVersionDoesNotSufferForTheOld(_ behaviour: TestRelease.Behaviour) async throws {
    try await host([TestRelease("1.0"), TestRelease("2.0", behaviour)]) { host in
      try await host.succeed("apt-get install -q -y shop=1.0")
      _ = try await host.run(
        "cp /usr/lib/shop/behaviour /root; echo 'refuses-to-start' > /usr/lib/shop/behaviour; systemctl restart shop || :"
      )
      try await host.until(Self.isExhausted)
      let result = try await host.run("apt-get install -q -y shop=2.0")
      let status = try await host.run("sh /var/lib/belay/shop/belay status")
      if behaviour == .works {
        #expect(result.status == 0, "\(result.stdout)\(result.stderr)")
        #expect(try await host.run(ShopCase.ask).stdout == "2.0")
        #expect(status.status == 0)
      } else {
        #expect(result.status == 100)
        #expect(try await host.status(of: "shop") == "install ok installed 1.0")
        #expect(status.status == 1, "\(result.stderr)\(status.stdout)")
      }
    }
  }
}
