import TestSupport
import Testing

/// The site's rules: /etc/belay/policy.d/*.conf.
@Suite(.needsHost) struct PolicyTests {
  /// What is refused, with the line where it stands and what is said of it.
  private static let mistakes = [
    ("# ours\n\nmodus=observe\n", 3, "unknown key 'modus' (one of: mode way_back store overrides"),
    ("mode=off\n", 1, "mode cannot be 'off' (enforce or observe)"), ("way_back=no\n", 1, "(required or optional)"),
    ("inconclusive=fail\n", 1, "(unproven or return)"), ("leader=true\n", 1, "(yes or no)"),
    ("approvals=two\n", 1, "(a number from 0 to 99)"), ("freeze=\n", 1, "freeze has no reason"),
    ("store=srv\n", 1, "not an absolute path"), ("store=/\n", 1, "cannot be '/'"),
    ("store=/srv/nowhere\n", 1, "is not there"),
    ("overrides=window,clock\n", 1, "overrides names no gate 'clock' (one of: space window"),
    ("mode = observe\n", 1, "unknown key 'mode '"), ("observe\n", 1, "this is not key=value"),
    ("mode=enforce\r\n", 1, "control character"),
  ]

  @Test func whatIsWrongRefuses() async throws {
    try await Host.booted { host in
      let before = try await host.useSwitchable()
      for (text, line, message) in Self.mistakes {
        try await host.write("/etc/belay/policy.d/10.conf", text)
        let result = try await host.run("belay-shop preflight /srv/repo/shop_2.0_all.deb")
        #expect(result.status == 1, "\(text)")
        #expect(result.stderr.contains("/etc/belay/policy.d/10.conf:\(line): "), "\(result.stderr)")
        #expect(result.stderr.contains(message), "\(result.stderr)")
      }
      for untrusted in [
        "chmod 0666 /etc/belay/policy.d/10.conf", "chown games /etc/belay/policy.d/10.conf", "chmod 0777 /etc/belay",
        "rm /etc/belay/policy.d/10.conf; ln -s /nowhere /etc/belay/policy.d/10.conf",
      ] {
        try await host.write("/etc/belay/policy.d/10.conf", "mode=observe\n")
        let result = try await host.run("\(untrusted); belay-shop preflight /srv/repo/shop_2.0_all.deb")
        #expect(result.status == 1 && result.stderr.contains("not root's own"), "\(untrusted): \(result.stderr)")
        try await host.succeed("rm -rf /etc/belay")
      }
      // One mistake in a real run: nothing was changed, and what is right beside it holds.
      try await host.write("/etc/belay/policy.d/10.conf", "freeze=the fair\nfrezze=x\n")
      let result = try await host.apt("install shop=2.0 other=2")
      #expect(result.status == 100 && result.stderr.contains("10.conf:2: unknown key 'frezze'"), "\(result.stderr)")
      #expect(try await host.status(of: "other") == "install ok installed 1")
      try await expectSwitch("policy is wrong, freeze: the fair", in: host)
      let changed = try await host.shop().difference(from: before)
      #expect(changed.isEmpty)
    }
  }

  /// Rules that change what may begin or how it ends change nothing of what is under way: above all, a freeze never keeps
  /// the old version from coming back.
  @Test func whatIsUnderWayEndsAsEver() async throws {
    try await Host.booted { host in
      let before = try await host.useSwitchable()
      let rules =
        "mkdir -p /etc/belay/policy.d; printf '%s\\n' 'freeze=the fair' inconclusive=return leader=yes"
        + " way_back=optional approvals=2 overrides=window > /etc/belay/policy.d/site.conf"
      for state in SwitchedState.allCases {
        try await host.bring(to: state, switching: rules)
        try await host.succeed(SuspensionTests.callers)
        _ = try await host.shop()
        let words = try await host.words()
        #expect(words == SuspensionTests.afterwards(state), "\(state)")
        try await expectSwitch("freeze: the fair", in: host)
        try await expectSwitch("way_back=optional", in: host)
        let status = try await host.run("sh /var/lib/belay/shop/belay status")
        #expect(status.stdout.contains("overrides=window inconclusive=return leader=yes approvals=2 freeze=the fair"))
        let forward = try await host.prepare("3.0")
        #expect(forward.status == 1 && forward.stderr.contains("REFUSED"), "\(state): \(forward.stderr)")
        try await host.bringBack()
        let changed = try await host.shop().difference(from: before)
        #expect(changed.isEmpty, "\(state)")
      }
    }
  }

  /// The override file: a person works by hand, whatever the state, and belay waits.
  @Test func theOverrideLeavesItToThePerson() async throws {
    try await Host.booted { host in
      let before = try await host.useSwitchable()
      for state in SwitchedState.allCases {
        try await host.bring(to: state, switching: "touch /var/lib/belay/shop/override")
        let reached = try await host.shop()
        try await host.succeed(SuspensionTests.callers)
        var after = try await host.shop()
        // An unproven version is asked again all the same: that changes nothing.
        let changed = after.difference(from: reached)
        #expect(changed.isEmpty, "\(state)")
        try await expectSwitch("override", in: host)
        try await host.succeed("rm /var/lib/belay/shop/override; sh /var/lib/belay/shop/belay settle boot || :")
        _ = try await host.shop()
        let words = try await host.words()
        #expect(words == SuspensionTests.afterwards(state), "\(state)")
        try await host.bringBack()
        after = try await host.shop()
        let left = after.difference(from: before)
        #expect(left.isEmpty, "\(state)")
      }
    }
  }
}
