import TestSupport
import Testing

/// No hook can help: bare dpkg, the first belay release over another's, the first install at all.
@Suite(.needsHost) struct ArrivalTests {
  /// How 2.0 comes over what is installed: by ours or by a version without belay.
  static let ways = [("ours", "dpkg"), ("foreign", "dpkg"), ("foreign", "apt")]

  @Test(arguments: ways) func isBackWithinSeconds(_ way: (old: String, tool: String)) async throws {
    try await Host.booted { host in
      try await host.publishShop()
      let foreign = try await ReleaseShelf.shared.foreign("1.0 foreign") { TestRelease("1.0").foreign }
      try await host.bring(foreign, to: "/srv/old/shop_1.0_all.deb")
      var before = try await host.useShop(
        way.old == "ours"
          ? "apt-get -q -y install shop=1.0" : "dpkg -i /srv/old/shop_1.0_all.deb; apt-get -q -y install other=1")
      let prober = try await host.startProber()
      let deb = "/srv/repo/shop_2.0_all.deb"
      let result =
        way.tool == "apt"
        ? try await host.apt("install \(deb)", options: "-o Dpkg::Options::=--force-confold")
        : try await host.run("dpkg --force-confold -i \(deb)")
      #expect(result.status != 0)
      try await host.until(
        "dpkg-query -W -f '${Status} ${Version}' shop | grep -q ' ok installed 1.0'", within: .seconds(15))
      #expect(try await host.verdict() == "returned 1", "\(result.stderr)")
      let after = try await host.shop()
      // The first release under apt finds the marks already changed by the explicit request.
      if way.tool == "apt" { before.parts["auto"] = after["auto"] }
      let changed = after.difference(from: before)
      #expect(changed.isEmpty, "\(result.stderr)")
      let answers = try await prober.stop()
      #expect(answers.last?.text == "1.0" && answers.longestOutage < .seconds(30))
      #expect(!answers.versions.contains("2.0"))
    }
  }

  @Test(arguments: ["apt", "dpkg"]) func aFirstInstallThatFailsIsRemoved(_ tool: String) async throws {
    try await Host.booted { host in
      try await host.publishShop()
      try await host.succeed("mkdir -p /srv/ledger; printf 'v1\\nrow\\nend\\n' > /srv/ledger/rows")
      let result = try await host.run(
        tool == "apt" ? "apt-get -q -y install shop=2.0 other=1" : "dpkg -i /srv/repo/shop_2.0_all.deb")
      #expect(result.status != 0)
      try await host.until(
        "! dpkg-query -W -f '${Status}' shop | grep -qE 'half|unpacked| installed'", within: .seconds(15))
      #expect(try await host.verdict() == "returned 1", "\(result.stderr)")
      let after = try await host.shop()
      #expect(after["serves"] == "" && after["active"] != "active" && after["leftovers"] == "")
      #expect(after["ledger"] == "v1|row|end")
      #expect(try await host.exists("/usr/lib/shop/server") == false)
      if tool == "apt" { #expect(try await host.status(of: "other") == "install ok installed 1") }
    }
  }

  /// No archive, no cache, no network: it comes back from what was kept, else from what is installed, and says from what.
  @Test(arguments: [("kept", "true"), ("rebuild", "rm -rf /var/lib/belay/shop/kept")])
  func fromWhatTheHostHas(_ way: (source: String, arrange: String)) async throws {
    try await Host.booted { host in
      try await host.publishShop()
      let before = try await host.useShop()
      try await host.bring(
        ReleaseShelf.shared.deb("2.0") { TestRelease("2.0", .answers500) }, to: "/srv/new/shop_2.0_all.deb")
      try await host.repository.remove("shop_*")
      try await host.succeed("apt-get clean; echo > /etc/apt/sources.list; rm -rf /var/lib/apt/lists/*; \(way.arrange)")
      let result = try await host.apt(
        "install /srv/new/shop_2.0_all.deb", options: "-o Dpkg::Options::=--force-confold")
      #expect(result.status == 100)
      #expect(try await host.verdict() == "returned 1", "\(result.stderr)")
      let after = try await host.shop()
      let changed = after.difference(from: before)
      #expect(changed.isEmpty, "\(result.stderr)")
      let status = try await host.run("belay-shop status --json").stdout
      #expect(status.contains("\"way_back\": \"\(way.source)"))
    }
  }
}
