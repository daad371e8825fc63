import TestSupport
import Testing

/// The four scripts with every form of arguments that dpkg has (catalogue, section 1), called by hand.
@Suite(.needsHost) struct ByHandTests {
  private static let forms: [(script: String, arguments: [String])] = [
    (
      "preinst",
      [
        "install", "install 0.5 1.0", "upgrade 0.5 1.0", "upgrade 1.0 1.0", "upgrade 2.0 1.0", "upgrade 1.0",
        "abort-upgrade 2.0",
      ]
    ),
    (
      "postinst",
      [
        "configure", "configure 0.5", "configure 1.0", "configure 2.0", "abort-upgrade 2.0", "abort-remove",
        "abort-remove in-favour rival 1", "abort-deconfigure in-favour breaker 1",
        "abort-deconfigure in-favour breaker 1 removing other 1", "triggered /usr/share/watched", "reconfigure 1.0",
      ]
    ),
    (
      "prerm",
      [
        "upgrade 2.0", "failed-upgrade 0.5 1.0", "remove", "remove in-favour rival 1",
        "deconfigure in-favour breaker 1",
        "deconfigure in-favour breaker 1 removing other 1",
      ]
    ),
    (
      "postrm",
      [
        "upgrade 2.0", "failed-upgrade 0.5 1.0", "remove", "purge", "disappear rival 1", "abort-install",
        "abort-install 0.5 1.0", "abort-upgrade 0.5 1.0",
      ]
    ),
  ]

  /// After these dpkg writes "installed": they say no when its database does not know this version as configured.
  private static let asksDpkg = ["abort-upgrade 2.0", "abort-remove in-favour rival 1"]

  /// All files outside of the target with what tells a change, and all processes; the journal's time goes on by itself.
  private static let outside = #"""
    find / /run /dev/shm -xdev \( -path /target -o -path '*/log/journal' \) -prune -o -printf '%p %y %m %U %G %s %T@ %C@ %l\n' | sort
    ps -e -o comm= | grep -v -e '^ps$' -e '^bash$' -e '^find$' -e '^sort$' -e '^grep$' -e '^timeout$' | sort
    """#

  @Test(arguments: [false, true]) func inARootDirectory(booted: Bool) async throws {
    let shelf = try await ShopShelf.directory()
    let check = { (host: Host) async throws in
      let deb = try host.bring(shelf + "/shop_1.0_all.deb")
      try await host.succeed(
        "mkdir /target && cp -a /etc /target/ && dpkg-deb -x \(deb) /target && dpkg-deb -e \(deb) /target/control")
      let before = try await host.succeed(Self.outside)
      for (script, forms) in Self.forms {
        for form in forms {
          let result = try await host.run(
            "/target/control/\(script) \(form)",
            environment: [
              "DPKG_ROOT": "/target", "DPKG_ADMINDIR": "/target/var/lib/dpkg", "DPKG_MAINTSCRIPT_NAME": script,
              "DPKG_MAINTSCRIPT_PACKAGE": "shop", "DPKG_MAINTSCRIPT_ARCH": "all",
            ])
          #expect(
            result.status == 0 || Self.asksDpkg.contains(form), "\(script) \(form): \(result.stdout)\(result.stderr)")
          let after = try await host.succeed(Self.outside)
          let changes = Set(after.split(separator: "\n")).symmetricDifference(before.split(separator: "\n"))
          #expect(changes.sorted() == [], "\(script) \(form)")
        }
      }
    }
    if booted { try await Host.booted { try await check($0) } } else { try await Host.bare { try await check($0) } }
  }

  /// The forms that may never fail: a failing one leaves half-installed, or makes a return impossible.
  @Test func unfailableFormsSucceed() async throws {
    let shelf = try await ShopShelf.directory()
    try await Host.booted(size: "96M") { host in
      let deb = try host.bring(shelf + "/shop_1.0_all.deb")
      try await host.succeed("dpkg -i \(deb)")
      let unfailable: [(script: String, forms: [String])] = [
        ("prerm", ["upgrade 2.0", "failed-upgrade 0.5 1.0", "deconfigure in-favour breaker 1"]),
        (
          "postrm",
          ["upgrade 2.0", "failed-upgrade 0.5 1.0", "abort-install", "abort-install 0.5 1.0", "abort-upgrade 0.5 1.0"]
        ),
        ("preinst", ["abort-upgrade 2.0"]),
        (
          "postinst",
          [
            "abort-remove", "abort-deconfigure in-favour breaker 1", "triggered x",
          ]
        ),
      ]
      for state in ["true", "! cat /dev/zero > /fill-the-disk"] {
        try await host.succeed(state)
        for (script, forms) in unfailable {
          for form in forms {
            let result = try await host.run(
              "/var/lib/dpkg/info/shop.\(script) \(form)",
              environment: ["DPKG_MAINTSCRIPT_NAME": script, "DPKG_MAINTSCRIPT_PACKAGE": "shop"])
            #expect(result.status == 0, "\(state): \(script) \(form): \(result.stdout)\(result.stderr)")
            let answer = try await host.run(ShopCase.ask).stdout
            #expect(answer == "1.0", "\(state): \(script) \(form)")
          }
        }
      }
    }
  }
}
