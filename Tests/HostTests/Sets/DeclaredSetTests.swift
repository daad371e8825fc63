import TestSupport
import Testing

/// A declared `set`: shop leads, it needs libshop, shop-plugin needs it, so one is configured before it and one after it.
/// shop-extra is never installed.
@Suite(.needsHost) struct DeclaredSetTests {
  private static let versions = ["1.0", "2.0", "3.0"]

  /// The checks leave a line each time they run.
  private static func belay(_ version: String) -> String {
    """
    \(TestRelease.plainBelay)
      - name: looks
        run: echo look >> /srv/looks; dpkg-query -W -f '${db:Status-Status} ${Version}' shop-plugin | grep -qx 'installed \(version)'
        retries: 0
    set: {name: shops, members: [libshop, shop-plugin, shop-extra], same_version: true}
    """
  }

  private func publish(_ host: Host) async throws {
    let shelf = ReleaseShelf.shared
    var debs: [String] = []
    for version in Self.versions {
      debs.append(
        try await shelf.deb("declared \(version)") {
          TestRelease(
            version, version == "2.0" ? .answers500 : .works, belay: Self.belay(version),
            packaging: "depends: [libshop]")
        })
      for (name, fields) in [("libshop", [:]), ("shop-plugin", ["Depends": "shop"])] {
        debs.append(
          try await shelf.foreign("declared \(name) \(version)") { TracedPackage.make(name, version, fields: fields) })
      }
    }
    debs.append(
      try await shelf.foreign("declared mixed") { TracedPackage.make("libshop", "4.0") })
    try await host.repository.add(debs)
  }

  private func install(_ version: String) -> String {
    "apt-get install -q -y " + ["shop", "libshop", "shop-plugin"].map { "\($0)=\(version)" }.joined(separator: " ")
  }

  /// All three are installed in this version, and nothing else is the matter.
  private func expect(_ host: Host, _ version: String, _ verdict: String, _ what: String) async throws {
    #expect(try await host.verdict() == verdict, "\(what)")
    let state = try await host.succeed(
      "dpkg-query -W -f '${Package} ${db:Status-Status} ${Version}\\n' shop libshop shop-plugin; dpkg --audit")
    #expect(
      state == "libshop installed \(version)\nshop installed \(version)\nshop-plugin installed \(version)", "\(what)")
    #expect(try await host.answer() == version, "\(what)")
  }

  @Test func itGoesAndComesBackAsOne() async throws {
    try await Host.booted { host in
      try await publish(host)
      try await host.succeed("mkdir /fail; \(install("1.0")); apt-mark auto libshop")

      // No other version of a member gets in beside the leader: apt installs none, dpkg configures none.
      let mixed = try await host.run("apt-get install -q -y shop=1.0 libshop=4.0")
      #expect(mixed.status == 100)
      try await expect(host, "1.0", "committed 0", "mixed: \(mixed.stderr)")
      let mixedByDpkg = try await host.run("dpkg -i /srv/repo/libshop_4.0_all.deb")
      #expect(mixedByDpkg.status == 1 && mixedByDpkg.stderr.contains("breaks libshop (>> 1.0)"))
      try await host.succeed("dpkg -i /srv/repo/libshop_1.0_all.deb")

      try await host.succeed(": > /var/log/apt/history.log")
      let failed = try await host.run(install("2.0"))
      #expect(failed.status == 100)
      try await expect(host, "1.0", "returned 1", "a failed check: \(failed.stderr)")
      let calls = try await host.succeed("grep -c '^Commandline: apt-get -c /var/lib/belay/' /var/log/apt/history.log")
      #expect(calls == "1")
      #expect(try await host.succeed("apt-mark showauto libshop") == "libshop")

      // Each way in which a member or the run fails, before the leader is configured, behind it, and in its checks.
      let failures = [
        ("libshop", "preinst", "upgrade"), ("libshop", "postinst", "configure"), ("shop-plugin", "preinst", "upgrade"),
        ("shop-plugin", "postinst", "configure"),
      ]
      for (package, script, argument) in failures {
        try await host.failCall(package, "3.0", script, argument)
        let result = try await host.run(install("3.0"))
        #expect(result.status == 100)
        _ = try await host.run("belay-shop unblock 3.0; rm -f /fail/*")
        let verdict = try await host.verdict()
        #expect(verdict == "returned 1" || (script == "preinst" && verdict == "aborted 1"))
        try await expect(host, "1.0", verdict, "\(package) \(script): \(result.stderr)")
      }
      try await host.write("/var/lib/belay/shop/fault", "set-begun kill\n")
      let killed = try await host.run(install("3.0"))
      #expect(killed.status == 100)
      try await expect(host, "1.0", "returned 1", "killed in the checks: \(killed.stderr)")

      // Once on the old version, once when all are configured.
      let good = try await host.run("belay-shop unblock 3.0; rm -f /srv/looks; \(install("3.0"))")
      #expect(good.status == 0)
      try await expect(host, "3.0", "committed 0", "\(good.stderr)")
      #expect(try await host.read("/srv/looks") == "look\nlook\n")
      #expect(try await host.succeed("cd /var/lib/belay/shop/kept && ls *_3.0_*.deb").split(separator: "\n").count == 3)

      // A person takes it back, and bare dpkg brings it again.
      let taken = try await host.run("belay-shop return")
      try await expect(host, "1.0", "returned 1", "\(taken.stderr)")
      let byDpkg = try await host.run(
        "belay-shop unblock 3.0; cd /srv/repo && dpkg -i libshop_3* shop-plugin_3* shop_3*")
      #expect(byDpkg.status == 0)
      try await expect(host, "3.0", "committed 0", "\(byDpkg.stderr)")
    }
  }
}
