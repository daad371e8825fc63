import TestSupport
import Testing

/// Other packages in the same apt run: their failures are not ours, ours are not theirs.
@Suite(.needsHost) struct SameRunTests {
  /// The old versions are installed, the new ones in the archive. `aside` and `zebra` are foreign, before and after shop.
  private func host(_ releases: [TestRelease], _ body: (Host) async throws -> Void) async throws {
    let foreign = ["aside", "zebra"].flatMap { name in ["1", "2"].map { TracedPackage.make(name, $0) } }
    let olds = releases.filter { $0.version == "1.0" }.map { "\($0.name)=1.0" }.joined(separator: " ")
    try await Host.booted { host in
      try await withScratch { directory in
        var debs: [String] = []
        for release in releases { debs.append(try await release.build(in: directory)) }
        for package in foreign { debs.append(try await package.build(in: directory)) }
        try await host.repository.add(debs)
      }
      try await host.succeed("mkdir /fail; apt-get install -q -y \(olds) aside=1 zebra=1")
      try await body(host)
    }
  }

  private func expect(_ host: Host, _ records: [String: String]) async throws {
    for (package, version) in records {
      let status = try await host.status(of: package)
      #expect(status == "install ok installed \(version)", "of \(package)")
    }
    #expect(try await host.succeed("dpkg --audit") == "")
    #expect(try await host.run("apt-get check").status == 0)
  }

  @Test func oursFailsTheOthersEndConfigured() async throws {
    try await host([TestRelease("1.0"), TestRelease("2.0", .answers500)]) { host in
      let result = try await host.run("apt-get install -q -y aside=2 shop=2.0 zebra=2")
      #expect(result.status == 100)
      try await expect(host, ["shop": "1.0", "aside": "2", "zebra": "2"])
      #expect(try await host.run(ShopCase.ask).stdout == "1.0")
    }
  }

  @Test(arguments: ["aside", "zebra"]) func anothersPostinstFails(_ other: String) async throws {
    try await host([TestRelease("1.0"), TestRelease("2.0")]) { host in
      try await host.failCall(other, "2", "postinst", "configure")
      let result = try await host.run("apt-get install -q -y aside=2 shop=2.0 zebra=2")
      #expect(result.status == 100)
      #expect(try await host.status(of: "shop") == "install ok installed 2.0")
      #expect(try await host.run(ShopCase.ask).stdout == "2.0")
      try await host.succeed("rm -r /fail; dpkg --configure -a")
      try await expect(host, ["shop": "2.0", "aside": "2", "zebra": "2"])
    }
  }

  /// dpkg stops unpacking there, so ours may be unpacked, or not yet.
  @Test(arguments: ["aside", "zebra"]) func anothersPreinstFails(_ other: String) async throws {
    try await host([TestRelease("1.0"), TestRelease("2.0")]) { host in
      try await host.failCall(other, "2", "preinst", "upgrade")
      let result = try await host.run("apt-get install -q -y aside=2 shop=2.0 zebra=2")
      #expect(result.status == 100)
      // Nobody's service stays stopped.
      let answer = try await host.run(ShopCase.ask).stdout
      #expect(answer == "1.0" || answer == "2.0", "\(result.stdout)\(result.stderr)")
      try await host.succeed("rm -r /fail; dpkg --configure -a; apt-get install -q -y aside=2 shop=2.0 zebra=2")
      try await expect(host, ["shop": "2.0", "aside": "2", "zebra": "2"])
      #expect(try await host.run(ShopCase.ask).stdout == "2.0")
    }
  }

  /// Ours cannot be configured because what it depends on failed: the old process goes on, then ours is configured.
  @Test func whatOursDependsOnFails() async throws {
    let needing = TestRelease("2.0", packaging: "depends: [\"aside (>= 2)\"]")
    try await host([TestRelease("1.0"), needing]) { host in
      try await host.failCall("aside", "2", "postinst", "configure")
      let prober = try await host.startProber()
      let result = try await host.run("apt-get install -q -y aside=2 shop=2.0")
      #expect(result.status == 100)
      let answers = try await prober.stop()
      #expect(answers.missed.count == 0, "\(result.stdout)\(result.stderr)")
      #expect(try await host.status(of: "shop") == "install ok unpacked 2.0")
      try await host.succeed("rm -r /fail; dpkg --configure -a")
      try await expect(host, ["shop": "2.0", "aside": "2"])
      #expect(try await host.run(ShopCase.ask).stdout == "2.0")
    }
  }

  @Test func twoOfOursFail() async throws {
    let stall = { (version: String, behaviour: TestRelease.Behaviour) in
      TestRelease(version, behaviour, name: "stall", port: 8081)
    }
    try await host([
      TestRelease("1.0"), TestRelease("2.0", .answers500), stall("1.0", .works), stall("2.0", .refusesToStart),
    ]) { host in
      let result = try await host.run("apt-get install -q -y aside=2 shop=2.0 stall=2.0 zebra=2")
      #expect(result.status == 100)
      try await expect(host, ["shop": "1.0", "stall": "1.0", "aside": "2", "zebra": "2"])
      #expect(try await host.run(ShopCase.ask).stdout == "1.0")
      let status = try await host.run("sh /var/lib/belay/stall/belay status").stdout
      let answer = try await host.run(ShopCase.ask.replacing("8080", with: "8081")).stdout
      #expect(answer == "1.0", "\(status)\(result.stderr)")
    }
  }

  /// What an administrator did to the old version is as before.
  @Test func marksAndEditsAreKept() async throws {
    try await host([TestRelease("1.0"), TestRelease("2.0", .answers500, configuration: "port=8080\nnew=1\n")]) { host in
      try await host.succeed("apt-mark auto shop; apt-mark hold shop; echo '# mine' >> /etc/shop/shop.conf")
      try await host.succeed("printf 'before\\n' > /var/lib/shop/entries")
      let result = try await host.run(
        "apt-get install -q -y --allow-change-held-packages -o Dpkg::Options::=--force-confold shop=2.0")
      #expect(result.status == 100)
      #expect(try await host.status(of: "shop") == "hold ok installed 1.0", "\(result.stdout)\(result.stderr)")
      #expect(try await host.succeed("apt-mark showauto shop; apt-mark showhold shop") == "shop\nshop")
      #expect(try await host.read("/etc/shop/shop.conf") == "port=8080\n# mine\n")
      #expect(try await host.read("/var/lib/shop/entries") == "before\n")
      #expect(try await host.succeed("ls /etc/shop") == "shop.conf")
      #expect(try await host.run(ShopCase.ask).stdout == "1.0")
    }
  }
}
