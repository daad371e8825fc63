import TestSupport
import Testing

/// From the failed check to the old version serving, however long the apt run still takes.
@Suite(.needsHost) struct InterimTests {
  /// The old version is belay's own, or was a plain package before.
  @Test(arguments: [true, false]) func servesWhileDpkgIsAtWork(_ isOurs: Bool) async throws {
    try await Host.booted { host in
      let before = try await host.useInterimShop(isOurs: isOurs)
      let prober = try await host.startProber()
      try await host.beginLongRun()
      try await host.untilInterim("interim_served")
      #expect(try await host.succeed("pgrep -x dpkg") != "")
      #expect(try await host.answer() == "1.0")
      #expect(try await host.status(of: "shop").hasSuffix(" ok half-configured 2.0"))
      try await expectWords(in: host, "1.0 serves from its kept .deb, beside what dpkg has")

      // What users and the old version write from here on is kept.
      try await host.post("meanwhile")
      try await host.succeed("echo '# by the old version' >> /etc/shop/shop.conf")
      // Whoever else of the run restarts it gets the old version: needrestart, a trigger, a postinst.
      for restart in [
        "systemctl restart", "systemctl daemon-reload; systemctl try-restart", "deb-systemd-invoke restart",
      ] {
        try await host.succeed("\(restart) shop.service")
        #expect(try await host.answer() == "1.0", "\(restart)")
      }
      let log = try await host.endLongRun()
      // The first release of ours has no hook in this run: the deferred unit finished it.
      #expect(!isOurs || log.contains("RETURNED. 1.0 is installed, serving and checked"), "\(log)")
      #expect(try await host.verdict() == "returned 1")
      var after = try await host.shop()
      #expect(after["entries"] == "first|meanwhile")
      #expect(after["etc"].contains("# by the old version"))
      after.parts["entries"] = before["entries"]
      // Nor had it one that saw the auto mark before apt changed it.
      if !isOurs { after.parts["auto"] = before["auto"] }
      after.parts["etc"] = after["etc"].replacingOccurrences(of: "# by the old version|", with: "")
      let changed = after.difference(from: before)
      #expect(changed.isEmpty, "\(log)")
      #expect(try await host.leftOfInterim() == "")
      // Away for what failed, and once more for a restart.
      #expect(try await prober.stop().versions == ["1.0"])
      let status = try await host.run("sh /var/lib/belay/shop/belay status")
      #expect(
        status.stdout.contains(/downtime +\d+\.\d s, and \d+\.\d s when the package was put back/), "\(status.stdout)")
    }
  }

  /// A postinst that was killed said nothing of a failure; dpkg goes on with the others all the same.
  @Test(arguments: ["checking", "step-1-begun"]) func aKilledScriptIsAFailedOne(_ point: String) async throws {
    try await Host.booted { host in
      let before = try await host.useInterimShop()
      try await host.beginLongRun(fault: "\(point) kill\n")
      try await host.untilInterim("interim_served")
      #expect(try await host.answer() == "1.0")
      let log = try await host.endLongRun()
      #expect(try await host.verdict() == "returned 1")
      let changed = try await host.shop().difference(from: before)
      #expect(changed.isEmpty, "\(log)")
      #expect(try await host.leftOfInterim() == "")
    }
  }

  /// A boot while it serves: /run is gone, and nothing starts before the return has gone on.
  @Test func aPowerCutWhileItServes() async throws {
    try await Host.booted(powerCuts: true) { host in
      let before = try await host.useInterimShop()
      try await host.beginLongRun()
      try await host.untilInterim("interim_served")
      try await host.post("meanwhile")
      // What was loaded at the boot says whether the version that failed could have started.
      try await host.write("/var/lib/belay/shop/fault", "interim-etc wait\n")
      try await host.succeed("sync")
      try await host.powerCut(boot: false)
      try await host.bootUntil("[ -e /var/lib/belay/shop/fault.reached ]")
      #expect(try await host.answer() == "")
      #expect(try await host.succeed("systemctl show -p ConditionResult --value shop") == "no")
      try await host.succeed("rm -f /var/lib/belay/shop/fault*")
      try await host.commandIsGone()
      #expect(try await host.verdict() == "returned 1")
      try await host.expect(before, withEntries: "first|meanwhile")
    }
  }

  private func expectWords(in host: Host, _ words: String) async throws {
    let program = "sh /var/lib/belay/shop/belay status"
    let (text, json) = (try await host.run(program), try await host.run("\(program) --json"))
    let file = try await host.read("/run/belay/shop.json")
    for said in [text.stdout, json.stdout, file] { #expect(said.contains(words), "\(said)") }
    #expect(text.status == 3 && text.stdout.contains("1.0 serving in the interim"), "\(text.stdout)")
    #expect(file.contains(#""state": "returning""#), "\(file)")
  }
}

extension Host {
  /// shop 1.0 in use, 2.0 and the package that makes a run long in the archive.
  ///
  /// - Parameter isOurs: false: 1.0 is a plain package, as debhelper makes it.
  func useInterimShop(isOurs: Bool = true) async throws -> ShopState {
    if isOurs {
      try await publishShop()
    } else {
      try await publishShop(withFirst: ReleaseShelf.shared.foreign("plain shop 1.0") { TestRelease("1.0").foreign })
    }
    return try await useShop()
  }
}
