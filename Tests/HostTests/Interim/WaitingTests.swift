import TestSupport
import Testing

/// Where the old version cannot serve before the run ends, that is said, and nothing else is different.
@Suite(.needsHost) struct WaitingTests {
  /// What the old version needs is changed by the same run: by its name, or by what it provides.
  @Test(arguments: ["needed", "needed-api"]) func aDependencyChanges(_ dependency: String) async throws {
    let shelf = ReleaseShelf.shared
    try await Host.booted { host in
      try await host.publishShop(
        withFirst: shelf.deb("1.0 needs \(dependency)") {
          TestRelease(
            "1.0", belay: TestRelease.richBelay(migrates: false), packaging: "depends: [\"\(dependency)\"]")
        })
      try await host.repository.add([
        try await shelf.foreign("needed 1") { ForeignPackage("needed", "1", fields: ["Provides": "needed-api"]) },
        try await shelf.foreign("needed 2") { ForeignPackage("needed", "2", fields: ["Provides": "needed-api"]) },
      ])
      let before = try await host.useShop("apt-get install -q -y shop=1.0 needed=1")
      try await host.beginLongRun("shop=2.0 needed=2 slow=1")
      try await host.untilInterim("interim_not")
      try await expectWaiting(in: host, "this run changes what it needs: needed")
      try await host.expectEndOfLongRun(asBefore: before)
    }
  }

  /// All members of a declared set that the run changes go back together, and not before its end.
  @Test func aSetGoesBackTogether() async throws {
    let shelf = ReleaseShelf.shared
    try await Host.booted { host in
      for version in ["1.0", "2.0"] {
        try await host.repository.add(
          shelf.deb("interim set \(version)") {
            TestRelease(
              version, version == "1.0" ? .works : .answers500,
              belay: TestRelease.plainBelay + "\nset: {name: shops, members: [libshop]}")
          },
          shelf.foreign("interim set lib \(version)") { ForeignPackage("libshop", version) })
      }
      try await host.repository.add(try await shelf.neighbours())
      let before = try await host.useShop("apt-get install -q -y shop=1.0 libshop=1.0 other=1 zother=1")
      try await host.beginLongRun("shop=2.0 libshop=2.0 slow=1")
      try await host.untilInterim("interim_not")
      try await expectWaiting(in: host, "libshop must go back with it")
      try await host.expectEndOfLongRun(asBefore: before)
      #expect(try await host.status(of: "libshop") == "install ok installed 1.0")
    }
  }

  /// It does not start from aside: it waits, and nobody starts the version that failed on the data that was put back.
  @Test func itDoesNotStart() async throws {
    let unit = """
      [Service]
      Type=notify
      ExecStartPre=/bin/sh -c '! [ -e /run/broken ]'
      ExecStart=/usr/lib/shop/server
      StateDirectory=shop
      [Install]
      WantedBy=multi-user.target

      """
    try await Host.booted { host in
      try await host.publishShop(
        withFirst: ReleaseShelf.shared.deb("1.0 breakable") {
          TestRelease(
            "1.0", belay: TestRelease.richBelay(migrates: false),
            files: ["/lib/systemd/system/shop.service": unit])
        })
      let before = try await host.useShop()
      try await host.succeed("touch /run/broken")
      try await host.beginLongRun()
      try await host.untilInterim("interim_not")
      try await host.succeed("rm /run/broken")
      for restart in ["systemctl restart", "systemctl daemon-reload; systemctl restart"] {
        try await host.succeed("\(restart) shop.service")
        let active = try await host.run("systemctl is-active shop").stdout
        #expect(active != "active\n", "\(restart)")
        #expect(try await host.answer() == "", "\(restart)")
      }
      try await expectWaiting(in: host, "shop.service does not start: ")
      try await host.expectEndOfLongRun(asBefore: before)
    }
  }

  /// Whoever only observes, or was told to keep away, does nothing before the run ends either.
  @Test(arguments: [
    ("mkdir -p /etc/belay/policy.d; echo mode=observe > /etc/belay/policy.d/site.conf", "unproven unproven 3"),
    ("mkdir -p /etc/belay; : > /etc/belay/hands-off", "checking hands-off 3"),
    ("echo by hand > /var/lib/belay/shop/override", "checking owed 3"),
  ]) func aSwitchIsOn(_ command: String, _ end: String) async throws {
    try await Host.booted { host in
      _ = try await host.useInterimShop()
      try await host.write("/run/slow-wait", "")
      try await host.reach(
        "checking",
        "apt-get -q -y --allow-change-held-packages -o Dpkg::Options::=--force-confold install shop=2.0 slow=1")
      // Killed: where a site only observes, a failed check itself would be no failure.
      try await host.succeed("\(command); sync; pkill -KILL -f 'info/[s]hop.postinst'; rm -f /run/fault")
      try await host.until("[ -e /run/slow.reached ]")
      // The unit has looked at it: either it is gone, or it waits for dpkg and nothing else.
      try await host.until(
        """
        [ "$(systemctl is-active belay-shop-deferred)" != activating ] ||
          { waits=$(pgrep -f 'perl.*belay/shop/open') && ! tr '\\0' '\\n' < "/proc/$waits/cmdline" | grep -qx interim; }
        """)
      let journal = try await host.read("/var/lib/belay/shop/open/journal")
      for word in ["interim", "returning", "unproven"] { #expect(!journal.contains(word), "\(journal)") }
      _ = try await host.endLongRun()
      #expect(try await host.words() == end)
    }
  }

  /// What a person has to decide about is decided at once, and said on the terminal of the run, which is still there.
  @Test func aFailedUndoIsHeldAtOnce() async throws {
    try await Host.booted { host in
      try await host.publishShop(data: "unopened")
      try await host.useShop()
      try await host.beginLongRun(fault: "step-1-undo instead exit 7\n")
      try await host.until("sh /var/lib/belay/shop/belay status --json | grep '\"state\": \"held\"'")
      #expect(try await host.succeed("pgrep -x dpkg") != "")
      // Until then the new version runs.
      #expect(try await host.succeed("systemctl is-active shop") == "active")
      #expect(try await host.answer() == "broken")
      let log = try await host.endLongRun()
      #expect(log.contains("HELD. A person must decide: users wrote to 2.0"), "\(log)")
      #expect(try await host.verdict() == "held 2")
      #expect(try await host.leftOfInterim() == "")
      let other = try await host.run("apt-get -q -y install other=2")
      #expect(!(other.stdout + other.stderr).contains("HELD"), "once: \(other.stderr)")
      try await host.succeed("rm /var/lib/belay/shop/fault")
      let back = try await host.run("belay-shop return --accept-loss")
      #expect(try await host.verdict() == "returned 1", "\(back.stderr)")
      #expect(try await host.answer() == "1.0")
    }
  }

  /// The run that failed is over, and somebody else's works: what that changes nobody here can know.
  @Test func aStrangersRun() async throws {
    try await Host.booted { host in
      let before = try await host.useInterimShop()
      try await host.reach(
        "checking", "apt-get -q -y --allow-change-held-packages -o Dpkg::Options::=--force-confold install shop=2.0")
      try await host.succeed(
        "systemctl stop belay-shop-deferred; pkill -KILL -x 'apt-get|dpkg'; pkill -KILL -f 'info/[s]hop'")
      try await host.until("! pgrep -x 'apt-get|dpkg' && ! pgrep -f 'info/[s]hop'")
      let lock = try await host.holdLock()
      try await host.succeed(
        "rm -f /run/fault; systemd-run --quiet --no-block sh /var/lib/belay/shop/belay settle unit")
      try await host.untilInterim("interim_not")
      #expect(try await host.answer() == "broken")
      try await lock.release()
      try await host.until("! [ -L /var/lib/belay/shop/open ]")
      #expect(try await host.verdict() == "returned 1")
      let changed = try await host.shop().difference(from: before)
      #expect(changed.isEmpty)
    }
  }

  private func expectWaiting(in host: Host, _ why: String) async throws {
    #expect(try await host.succeed("pgrep -x dpkg") != "")
    #expect(try await host.answer() != "1.0")
    let words = "1.0 does not serve until the apt run ends and its package is put back: \(why)"
    let status = try await host.run("sh /var/lib/belay/shop/belay status")
    let file = try await host.read("/run/belay/shop.json")
    let unit = try await host.succeed("journalctl -q -b -o cat -u belay-shop-deferred.service || :")
    let log = try await host.succeed("sh /var/lib/belay/shop/belay log")
    for said in [status.stdout, file, log] { #expect(said.contains(words), "\(said) \(unit)") }
  }
}
