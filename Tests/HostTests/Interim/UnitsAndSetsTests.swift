import TestSupport
import Testing

/// The interim of releases with more than one service, and one that does not end well.
@Suite(.needsHost) struct UnitsAndSetsTests {
  /// All of them are the old version's: a second service, and what a socket starts when somebody asks, declared or not.
  @Test(arguments: [true, false]) func allUnitsAreTheOldVersions(_ isDeclared: Bool) async throws {
    let shelf = ReleaseShelf.shared
    try await Host.booted { host in
      for version in ["1.0", "2.0"] {
        try await host.repository.add(
          shelf.deb("units \(version) \(isDeclared)") { .manyUnits(version, socketServiceIsDeclared: isDeclared) })
      }
      try await host.repository.add(try await shelf.neighbours())
      let before = try await host.useShop()
      #expect(try await host.answer(port: 8081) == "1.0")
      try await host.beginLongRun()
      try await host.untilInterim("interim_served")
      #expect(try await host.succeed("pgrep -x dpkg") != "")
      #expect(try await host.answer() == "1.0")
      #expect(try await host.answer(port: 8081) == "1.0")
      try await host.succeed("rm -f /run/shop-worker")
      try await host.until("[ \"$(cat /run/shop-worker)\" = 1.0 ]")
      try await host.expectEndOfLongRun(asBefore: before)
      #expect(try await host.answer(port: 8081) == "1.0")
      try await host.succeed(
        "for unit in shop shop-worker shop-motd.socket; do systemctl is-active $unit || exit; done")
      try await host.succeed("rm -f /run/shop-worker")
      try await host.until("[ \"$(cat /run/shop-worker)\" = 1.0 ]")
    }
  }

  /// Data that cannot be put back while the run goes on: nothing serves from aside, and whoever wants to may start the units.
  @Test func strandedHalfWayNothingIsInTheWay() async throws {
    try await Host.booted { host in
      try await host.useInterimShop()
      let damage = "find /var/lib/belay/shop/open/snapshot/ -type f -exec truncate -s 1 {} +"
      try await host.beginLongRun(fault: "step-1-undo instead \(damage)\n")
      try await host.until("sh /var/lib/belay/shop/belay status --json | grep '\"state\": \"stranded\"'")
      #expect(try await host.succeed("pgrep -x dpkg") != "")
      #expect(try await host.succeed("! systemctl is-active shop") == "inactive")
      #expect(try await host.leftOfInterim() == "")
      try await host.succeed("systemctl start shop")
      #expect(try await host.succeed("systemctl is-active shop") == "active")
      let log = try await host.endLongRun()
      #expect(log.contains("STRANDED. The return itself failed"), "\(log)")
    }
  }

  /// Somebody starts the service the moment it was stopped for the interim: the version that failed does not stay on data that is
  /// being put back.
  @Test func whatIsStartedMeanwhileIsStopped() async throws {
    try await Host.booted { host in
      let before = try await host.useInterimShop()
      try await host.beginLongRun(fault: "interim-stopped wait\n")
      try await host.until("[ -e /run/fault.reached ]")
      try await host.succeed("systemctl start shop")
      #expect(try await host.answer() == "broken")
      try await host.succeed("rm /var/lib/belay/shop/fault*")
      try await host.untilInterim("interim_served")
      #expect(try await host.answer() == "1.0")
      try await host.expectEndOfLongRun(asBefore: before)
    }
  }

  /// The package cannot be put back when the run is over: the old version serves on, and Plan B puts it back.
  @Test func strandedItServesOn() async throws {
    try await Host.booted { host in
      let before = try await host.useInterimShop()
      try await host.beginLongRun()
      try await host.untilInterim("interim_served")
      try await host.succeed(
        "cd /var/lib/belay/shop/open/wayback; cp -a . /srv/kept; for deb in *.deb; do truncate -s -9 $deb; done")
      let log = try await host.endLongRun()
      #expect(log.contains("STRANDED. The return itself failed"), "\(log)")
      #expect(log.contains("failed at  apt: ") && log.contains("is not what was verified"), "\(log)")
      #expect(try await host.verdict() == "stranded 2")
      #expect(try await host.status(of: "shop").hasSuffix(" ok half-configured 2.0"))
      let words = "1.0 serves from its kept .deb, beside what dpkg has, at the latest until the next boot"
      #expect(log.contains("meanwhile  \(words)"), "\(log)")
      let status = try await host.run("sh /var/lib/belay/shop/belay status")
      #expect(status.stdout.contains(words) && status.stdout.contains("1.0 serving in the interim"), "\(status.stdout)")
      // Whoever restarts it, and whatever apt does for others.
      try await host.succeed("apt-get -q -y install other=2 || [ $? = 100 ]; systemctl restart shop")
      #expect(try await host.status(of: "other") == "install ok installed 2")
      #expect(try await host.answer() == "1.0")
      try await host.post("meanwhile")

      try await host.succeed("cp -a /srv/kept/. /var/lib/belay/shop/transactions/*-1.0-2.0/wayback/")
      let plan = try await host.succeed("sed -n 's/^    //p' /var/lib/belay/shop/transactions/*-1.0-2.0/plan-b.txt")
      let followed = try await host.run("bash -e", timeout: .seconds(120), input: plan + "\n")
      #expect(followed.status == 0, "\(followed.stdout)\(followed.stderr)")
      // 2.0's conffile, which dpkg left beside the edited one: to dpkg's user that is nothing to take away.
      try await host.succeed("rm -f /etc/shop/shop.conf.dpkg-dist")
      try await host.expect(before, withEntries: "first|meanwhile")
      let said = try await host.run("sh /var/lib/belay/shop/belay status")
      #expect(!said.stdout.contains("interim"), "\(said.stdout)")
    }
  }
}

extension TestRelease {
  /// shop with a second service, and a socket whose service says which version it is.
  ///
  /// - Parameter socketServiceIsDeclared: false: it is a template, with an instance for each connection, as inetd's were.
  fileprivate static func manyUnits(_ version: String, socketServiceIsDeclared: Bool) -> TestRelease {
    var services = """
        - {unit: shop-worker.service, enable: true, on_upgrade: restart}
        - {unit: shop-motd.socket, enable: true, on_upgrade: restart}

      """
    if socketServiceIsDeclared { services += "  - {unit: shop-motd.service, enable: false, on_upgrade: restart}\n" }
    return TestRelease(
      version, version == "1.0" ? .works : .answers500,
      belay: plainBelay.replacingOccurrences(of: "services:\n", with: "services:\n" + services),
      files: [
        "/lib/systemd/system/shop-worker.service": """
        [Service]
        Environment=OF=\(version)
        ExecStart=/bin/sh -c 'while sleep 0.05; do cp /usr/lib/shop/version /run/shop-worker; done'
        [Install]
        WantedBy=multi-user.target

        """,
        "/lib/systemd/system/shop-motd.socket": """
        [Socket]
        ListenStream=127.0.0.1:8081
        Accept=\(!socketServiceIsDeclared)
        [Install]
        WantedBy=sockets.target

        """,
        "/lib/systemd/system/shop-motd\(socketServiceIsDeclared ? "" : "@").service": """
        [Unit]
        Description=of \(version)
        [Service]
        ExecStart=/usr/lib/shop/motd
        \(socketServiceIsDeclared ? "" : "StandardInput=socket")

        """,
        "/usr/lib/shop/motd": motd,
      ])
  }

  private static let motd = #"""
    #!/usr/bin/perl
    use IO::Socket::INET;
    open my $file, '<', '/usr/lib/shop/version' or die;
    my $answer = "HTTP/1.0 200 -\r\n\r\n" . <$file>;
    if (-S STDIN) { <STDIN>; print $answer; exit }
    my $socket = IO::Socket::INET->new_from_fd(3, 'r+') or die;
    while (my $client = $socket->accept) { <$client>; print $client $answer; close $client }

    """#
}
