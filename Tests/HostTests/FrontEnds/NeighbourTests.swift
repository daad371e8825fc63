import TestSupport
import Testing

/// What hooks into the same runs of apt, and what apt is run in.
@Suite(.needsHost) struct NeighbourTests {
  /// Every kind of hook, one that would veto a second call, and etckeeper: the return's own apt calls none of them.
  @Test func noHookIsCalledByTheReturn() async throws {
    let shop = try await FrontEndShop.shared.layer()
    try await Host.booted(on: shop.layer) { host in
      try await host.write(
        "/etc/apt/apt.conf.d/99trace",
        """
        DPkg::Pre-Invoke { "echo pre >> /run/hooks; [ $(grep -c pre /run/hooks) -lt 2 ]"; };
        DPkg::Pre-Install-Pkgs { "echo list >> /run/hooks"; };
        DPkg::Post-Invoke { "echo post >> /run/hooks"; };
        APT::Install::Pre-Invoke { "echo install >> /run/hooks"; };
        APT::Install::Post-Invoke-Success { "echo success >> /run/hooks"; };

        """)
      try await host.succeed("etckeeper commit before > /run/etckeeper 2>&1 || :")
      let run = try await host.run("apt-get -q -y dist-upgrade")
      #expect(run.status == 100)
      #expect(try await host.verdict() == "returned 1", "\(run.stderr)")
      #expect(try await host.read("/run/hooks").split(separator: "\n") == ["install", "pre", "list", "post"])
      let commits = try await host.succeed(
        "git -C /etc log --format=%s $(git -C /etc log -1 --format=%H --grep=^before)..")
      #expect(commits == "committing changes in /etc made by \"apt-get -q -y dist-upgrade\"")
      let changed = try await host.shop().difference(from: shop.state)
      #expect(changed.isEmpty)
    }
  }

  /// A question of another package of the run is asked on the caller's terminal, behind the return: nothing of ours has taken the
  /// answer, or the terminal.
  @Test func aQuestionIsAskedAndAnswered() async throws {
    let shop = try await FrontEndShop.shared.layer()
    try await Host.booted(on: shop.layer) { host in
      let asks = try await ReleaseShelf.shared.foreign("asks") {
        var package = ForeignPackage(
          "asks", "1", fields: ["Depends": "debconf, shop"], scripts: ["postinst": Self.asking])
        package.control["templates"] =
          "Template: asks/colour\nType: string\nDescription: Which colour?\n It has to be one.\n"
        return package
      }
      try await host.bring(asks, to: "/srv/asks.deb")
      try await host.succeed(
        """
        mkfifo /run/keys; setsid sh -c 'sleep 1000 > /run/keys & script -qefc \
        "DEBIAN_FRONTEND=teletype apt-get -q -y install /srv/asks.deb shop=2.0" /run/command.log < /run/keys > /dev/null 2>&1; echo $? > /run/code' \
        > /dev/null 2>&1 < /dev/null &
        """)
      try await host.until("grep -q 'Which colour' /run/command.log", within: .seconds(120))
      try await host.succeed("grep -q RETURNED /run/command.log; echo blue > /run/keys")
      try await host.until("[ -s /run/code ]", within: .seconds(120))
      let log = try await host.read("/run/command.log")
      #expect(try await host.read("/run/code") == "100\n", "\(log)")
      #expect(try await host.read("/var/lib/asks-colour") == "blue\n", "\(log)")
      #expect(try await host.status(of: "asks") == "install ok installed 1")
      #expect(try await host.verdict() == "returned 1")
    }
  }

  private static let asking = """
    #!/bin/sh
    set -e
    . /usr/share/debconf/confmodule
    db_input critical asks/colour || true
    db_go || true
    db_get asks/colour
    echo "$RET" > /var/lib/asks-colour

    """

  /// What a unit is hardened with, and the place that is named; nil: nothing is in the way.
  static let sandboxes: [(properties: String, place: String?)] = [
    ("-p ProtectSystem=full", "/usr"),
    ("-p ProtectSystem=strict -p 'ReadWritePaths=/usr /etc /var /run /boot'", "/"),
    ("-p ReadOnlyPaths=/etc", "/etc"),
    ("-p InaccessiblePaths=/var/lib/belay", "/var/lib/belay"),
    ("-p ReadOnlyPaths=/var/lib/belay", "/var/lib/belay"),
    ("-p PrivateTmp=yes -p PrivateDevices=yes -p NoNewPrivileges=yes", nil),
  ]

  @Test func aptInAHardenedUnit() async throws {
    let shop = try await FrontEndShop.shared.layer()
    try await Host.booted(on: shop.layer) { host in
      let surroundings = try await host.surroundings()
      for sandbox in Self.sandboxes {
        let run = try await host.run(
          "systemd-run --quiet --pipe --wait \(sandbox.properties) apt-get -q -y install shop=2.0 other=2")
        let output = run.stdout + run.stderr
        #expect(run.status == 100, "\(output)")
        let changed = try await host.shop().difference(from: shop.state)
        #expect(changed.isEmpty, "\(changed)\n\(output)")
        #expect(try await host.surroundings() == surroundings)
        let other = try await host.status(of: "other")
        if let place = sandbox.place {
          #expect(output.contains("systemd-run --pipe --wait apt-get install shop"), "\(output)")
          #expect(output.contains("\(place) is "), "\(output)")
          #expect(!output.contains("remount"), "\(output)")
          #expect(other == "install ok installed 1")
        } else {
          #expect(try await host.verdict() == "returned 1")
          #expect(other == "install ok installed 2")
        }
      }
      // A file system that really is read-only is no sandbox.
      try await host.succeed("belay-shop unblock 2.0; mount --bind /usr /usr; mount -o remount,bind,ro /usr")
      let run = try await host.run("apt-get -q -y install shop=2.0")
      #expect(run.status == 100 && run.stderr.contains("remount,rw /usr") && !run.stderr.contains("systemd-run"))
    }
  }
}
