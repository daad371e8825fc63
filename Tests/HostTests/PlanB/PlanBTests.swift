import TestSupport
import Testing

/// A person follows the printed Plan B on a host where belay's programs are gone.
@Suite(.needsHost) struct PlanBTests {
  /// A release with a step, a dump, two kinds of paths and a conffile, so that every part of the plan has something to do.
  private static func belay(check: String) -> String {
    """
    services:
      - {unit: shop.service}
    snapshot:
      paths:
        - {path: /etc/shop, restore_when: always}
        - {path: /var/lib/shop, restore_when: unopened}
        - {path: /srv/letters it's, restore_when: always, exclude: ["*.tmp"]}
      dumps:
        - name: ledger
          save: cat /srv/ledger
          verify: tail -n 1 | grep -qx end
          restore: cat >/srv/ledger.new && mv /srv/ledger /srv/ledger.aside && mv /srv/ledger.new /srv/ledger
          user: root
          restore_when: always
      reserve: 16M
    steps:
      - name: migrate
        run: |
          echo new >/srv/letters\\ it\\'s/one
          echo changed >/srv/ledger
          touch /srv/migrated
        undo: rm -f /srv/migrated
    checks:
      - {name: "it's up", http: "http://127.0.0.1:8080/healthz", timeout: 2s, interval: 100ms}
      - {name: listens, tcp: "127.0.0.1:8080"}
      - {name: runs, unit: shop.service}
      - name: decides
        run: |
          \(check)
        retries: 0
    contacts: [Release on-call +49 30 1234]
    """
  }

  /// Takes belay's programs away while the new version is asked, as a careless clean-up could, and says no.
  private static let removingBelay = """
    if [ "$(cat /usr/lib/shop/version)" = 1.0.0 ]; then exit 0; fi
          rm -f /var/lib/belay/shop/belay /usr/sbin/belay-shop
          systemctl kill --signal=KILL belay-shop-deferred.service
          exit 78
    """

  @Test func theOldVersionAndAllDataComeBackByHand() async throws {
    try await Host.booted { host in
      try await withScratch { directory in
        try await host.repository.add(
          TestRelease("1.0.0", belay: Self.belay(check: "true")).build(in: directory),
          TestRelease("2.0.0", belay: Self.belay(check: Self.removingBelay), configuration: "port=8080\ncolour=red\n")
            .build(in: directory),
          TestRelease("3.0.0", belay: Self.belay(check: "true")).build(in: directory))
      }
      try await host.succeed(
        "mkdir '/srv/letters it'\\''s'; echo old >'/srv/letters it'\\''s/one'; printf '1\\nend\\n' >/srv/ledger")
      try await host.succeed("apt-get install -y shop=1.0.0")
      try await host.succeed(
        "echo kept >>/var/lib/shop/entries; echo '# edited' >>/etc/shop/shop.conf; rm -f /srv/migrated")
      try await host.succeed(
        "printf '1\\n2\\nend\\n' >/srv/ledger; echo older >'/srv/letters it'\\''s/one'; apt-mark auto shop; apt-mark hold shop"
      )
      let upgrade = try await host.run(
        "apt-get install -y --allow-change-held-packages -o Dpkg::Options::=--force-confnew shop=2.0.0")
      #expect(upgrade.status == 100)
      let status = try await host.status(of: "shop")
      #expect(status == "install ok half-configured 2.0.0", "\(upgrade.stdout)\(upgrade.stderr)")
      let leftovers = try await host.succeed("pgrep -fa '[b]elay settle' || :; ls /usr/sbin | grep belay || :")
      #expect(leftovers == "", "a program of belay's is still there")
      let transaction = try await host.succeed("ls -d /var/lib/belay/shop/transactions/*-1.0.0-2.0.0")
      let written = try await host.succeed(
        "echo later >>/var/lib/shop/entries; sed -n 's/^    //p' '\(transaction)/plan-b.txt'")
      let followed = try await host.run("bash -e", timeout: .seconds(120), input: written + "\n")
      #expect(followed.status == 0, "\(followed.stdout)\(followed.stderr)\n\(written)")
      try await expectTheOldVersion(host)
      #expect(
        try await host.read("/var/lib/shop/entries") == "kept\nlater\n", "what users wrote after the opening stays")
      try await expectThatItGoesOn(host)
    }
  }

  /// First adoption: the old version knows nothing of belay, and the one of a first installation is none.
  @Test func aForeignOldVersionComesBackByHand() async throws {
    try await Host.booted { host in
      try await withScratch { directory in
        try await host.repository.add(
          TestRelease("0.9.0").foreign.build(in: directory),
          TestRelease("2.0.0", belay: Self.belay(check: Self.removingBelay)).build(in: directory))
      }
      try await host.succeed(
        "mkdir '/srv/letters it'\\''s'; printf '1\\nend\\n' >/srv/ledger; apt-get install -y shop=0.9.0")
      try await host.succeed(
        "echo kept >/var/lib/shop/entries; echo '# edited' >>/etc/shop/shop.conf")
      let upgrade = try await host.run("apt-get install -y shop=2.0.0")
      #expect(upgrade.status == 100)
      #expect(try await host.status(of: "shop").hasSuffix(" ok half-configured 2.0.0"))
      let plan = try await host.succeed("cat /var/lib/belay/shop/transactions/*-0.9.0-2.0.0/plan-b.txt")
      for placeholder in ["transactions/TRANSACTION", "put OLD", "SHA256 ", "PREVIOUS"] {
        #expect(!plan.contains(placeholder))
      }
      let followed = try await host.run("bash -e", timeout: .seconds(120), input: plan + "\n")
      #expect(followed.status == 0, "\(followed.stdout)\(followed.stderr)\n\(plan)")
      #expect(try await host.status(of: "shop") == "install ok installed 0.9.0")
      #expect(try await host.read("/etc/shop/shop.conf") == "port=8080\n# edited\n")
      #expect(try await host.read("/srv/ledger") == "1\nend\n")
      try await host.succeed(
        #"exec 3<>/dev/tcp/127.0.0.1/8080; printf 'GET /version HTTP/1.0\r\n\r\n' >&3; grep -x 0.9.0 <&3"#)
    }
  }

  @Test func aFirstInstallationIsTakenAwayByHand() async throws {
    try await Host.booted { host in
      try await withScratch { directory in
        try await host.repository.add(
          TestRelease("2.0.0", belay: Self.belay(check: Self.removingBelay)).build(in: directory))
      }
      try await host.succeed("mkdir '/srv/letters it'\\''s'; printf '1\\nend\\n' >/srv/ledger")
      let install = try await host.run("apt-get install -y shop=2.0.0")
      #expect(install.status == 100)
      let plan = try await host.succeed("cat /var/lib/belay/shop/transactions/*-none-2.0.0/plan-b.txt")
      let followed = try await host.run("bash -e", timeout: .seconds(120), input: plan + "\n")
      #expect(followed.status == 0, "\(followed.stdout)\(followed.stderr)\n\(plan)")
      #expect(try await host.status(of: "shop") == "deinstall ok config-files 2.0.0")
      let isMigrated = try await host.exists("/srv/migrated")
      #expect(!isMigrated)
      try await host.succeed("apt-get check && ! systemctl is-active shop.service")
    }
  }

  private func expectTheOldVersion(_ host: Host) async throws {
    #expect(try await host.status(of: "shop") == "hold ok installed 1.0.0")
    let version = try await host.succeed(
      #"exec 3<>/dev/tcp/127.0.0.1/8080; printf 'GET /version HTTP/1.0\r\n\r\n' >&3; cat <&3 | grep -x 1.0.0"#)
    #expect(version == "1.0.0")
    #expect(try await host.read("/etc/shop/shop.conf") == "port=8080\n# edited\n")
    #expect(try await host.read("/srv/ledger") == "1\n2\nend\n")
    #expect(try await host.read("/srv/ledger.aside") == "changed\n")
    #expect(try await host.read("/srv/letters it's/one") == "older\n")
    #expect(try await host.read("/srv/letters it's.plan-b-aside/one") == "new\n")
    let isMigrated = try await host.exists("/srv/migrated")
    #expect(!isMigrated)
    #expect(try await host.succeed("apt-mark showauto shop") == "shop")
    let override = try await host.exists("/var/lib/belay/shop/override")
    #expect(!override)
  }

  /// What was done by hand is closed: nothing is owed, the bad version is refused, the next one is taken.
  private func expectThatItGoesOn(_ host: Host) async throws {
    let status = try await host.run("belay-shop status")
    #expect(status.status == 0)
    #expect(status.stdout.contains("unblock 2.0.0"), "\(status.stdout)")
    let again = try await host.run("apt-get install -y --allow-change-held-packages shop=2.0.0")
    #expect(again.status == 100)
    #expect(again.stderr.contains("unblock 2.0.0"), "\(again.stderr)")
    try await host.succeed("apt-mark unhold shop; apt-get install -y shop=3.0.0")
    #expect(try await host.status(of: "shop") == "install ok installed 3.0.0")
  }
}
