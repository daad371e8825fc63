import TestSupport
import Testing

/// What a run changes beside our package and what cannot live with the old version goes back with it (issue 4, sets).
@Suite(.needsHost) struct ReturnSetTests {
  /// shop 1.0 lives with plugin 1 and on lib-a, 2.0 (which fails) with plugin 2 and on lib-b, which excludes lib-a.
  /// `tool` needs shop 1.0, so a run removes it; `other` lives with both.
  private func publish(_ host: Host) async throws {
    let shelf = ReleaseShelf.shared
    var debs = [
      try await shelf.deb("set 1.0") { TestRelease("1.0", packaging: "depends: [lib-a]") },
      try await shelf.deb("set 2.0") {
        TestRelease("2.0", .answers500, packaging: "depends: [\"lib-b (>= 2)\"]")
      },
      try await shelf.deb("set 3.0") { TestRelease("3.0", packaging: "depends: [\"lib-b (>= 2)\"]") },
    ]
    let neighbours: [ForeignPackage] = [
      TracedPackage.make("plugin", "1", fields: ["Depends": "shop (<< 2)"]),
      TracedPackage.make("plugin", "2", fields: ["Depends": "shop (>= 2)"]),
      TracedPackage.make("lib-a", "1"), TracedPackage.make("tool", "1", fields: ["Depends": "shop (<< 2)"]),
      TracedPackage.make("lib-b", "2", scripts: [], fields: ["Conflicts": "lib-a"]),
      TracedPackage.make("other", "1"), TracedPackage.make("other", "2"),
    ]
    for package in neighbours {
      debs.append(try await shelf.foreign("set \(package.name) \(package.version)") { package })
    }
    try await host.repository.add(debs)
  }

  /// Every package that these tests know, with its version and marks.
  private func state(_ host: Host) async throws -> String {
    try await host.succeed(
      #"""
      dpkg-query -W -f '${Package} ${Status} ${Version}\n' shop plugin lib-a lib-b tool other 2> /dev/null | grep -v not-installed
      apt-mark showauto shop plugin lib-a tool other; cat /usr/share/plugin/version
      """#)
  }

  @Test func allThatTheRunChangedGoesBackInOneCommand() async throws {
    try await Host.booted { host in
      try await publish(host)
      try await host.succeed(
        "apt-get install -q -y shop=1.0 plugin=1 tool=1 other=1; apt-mark auto plugin; apt-mark hold plugin")
      let before = try await state(host)
      let install = "install shop=2.0 plugin=2 other=2"
      try await host.succeed(": > /log; : > /var/log/apt/history.log")

      // One that is needed and cannot be had: nothing is changed.
      try await host.repository.remove("tool_*")
      try await host.succeed("rm -f /var/cache/apt/archives/tool*; echo edited > /usr/share/tool/version")
      let refused = try await host.apt(install)
      #expect(refused.status == 100)
      #expect(refused.stderr.contains("tool 1 goes back with shop 1.0, and there is no way back for it"))
      #expect(try await state(host) == before)
      #expect(try await host.takeTrace() == [])

      // Not in the archive, but whole on the host: built again from there.
      try await host.succeed("echo 1 > /usr/share/tool/version")
      let result = try await host.apt(install)
      #expect(result.status == 100)
      #expect(try await host.verdict() == "returned 1", "\(result.stderr)")
      let after = try await state(host)
      #expect(after == before.replacing("other install ok installed 1", with: "other install ok installed 2"))
      #expect(try await host.run("dpkg --audit; apt-get check").stdout.contains("dpkg") == false)
      #expect(try await host.answer() == "1.0")
      let calls = try await host.succeed("grep -c '^Commandline: apt-get -c /var/lib/belay/' /var/log/apt/history.log")
      #expect(calls == "1")
      let log = try await host.succeed("cat /var/lib/belay/shop/transactions/*-2.0/log")
      #expect(!log.contains("apt did not do it"))

      // What the Plan B says of them.
      let plan = try await host.succeed("cat /var/lib/belay/shop/transactions/*-2.0/plan-b.txt")
      for line in [
        "#   plugin 1 goes back (kept here:", "#   tool 1 goes back (kept here:", "#   lib-a 1 goes back (kept here:",
        "#   lib-b goes: this run newly installs it", "apt-mark auto plugin", "apt-mark hold plugin", "lib-b-",
      ] { #expect(plan.contains(line), "\(plan)") }
      #expect(!plan.contains("other"))

      // The same run with a version that works keeps what it did.
      try await host.succeed("apt-mark unhold plugin")
      let good = try await host.apt("install shop=3.0 plugin=2 other=2")
      #expect(good.status == 0, "\(good.stderr)")
      #expect(try await host.verdict() == "committed 0")
      #expect(try await host.succeed("dpkg-query -W -f '${Version}' plugin") == "2")
    }
  }

  /// Two packages of belay's in one run: the one that needs the other is put back by the other's return.
  @Test func aDependentOfOursGoesBackToo() async throws {
    try await Host.booted { host in
      let shelf = ReleaseShelf.shared
      try await host.repository.add(
        await shelf.deb("plain 1.0") { TestRelease("1.0") },
        await shelf.deb("plain 2.0") { TestRelease("2.0", .answers500) },
        await shelf.deb("stall 1.0") { TestRelease("1.0", name: "stall", packaging: "depends: [shop]", port: 8081) },
        await shelf.deb("stall 2.0") {
          TestRelease("2.0", name: "stall", packaging: "depends: [\"shop (>= 2.0)\"]", port: 8081)
        })
      try await host.succeed("apt-get install -q -y shop=1.0 stall=1.0")
      let result = try await host.run("apt-get install -q -y shop=2.0 stall=2.0")
      #expect(result.status == 100)
      #expect(try await host.verdict() == "returned 1", "\(result.stderr)")
      #expect(try await host.verdict(of: "stall") == "aborted 1", "\(result.stderr)")
      for (package, port) in [("shop", 8080), ("stall", 8081)] {
        #expect(try await host.status(of: package) == "install ok installed 1.0")
        #expect(try await host.answer(port: port) == "1.0")
      }
      #expect(try await host.succeed("ls /etc/systemd/system | grep -c settle || true") == "0")
    }
  }
}
