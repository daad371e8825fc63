import TestSupport
import Testing

/// Hosts that cannot give a mount namespace or an overlay, and a program that is killed in one.
@Suite(.needsHost) struct NamespaceTests {
  /// - Parameter more: a name that 1.0 does not have.
  private func publish(_ host: Host, more: Bool = false) async throws {
    let shelf = ReleaseShelf.shared
    let belay = TestRelease.plainBelay + "\n  - {name: parses, run: grep -qx 2.0 /usr/lib/shop/version, stage: before}"
    try await host.repository.add([
      try await shelf.deb("namespace 1.0") { TestRelease("1.0") },
      try await shelf.deb("namespace 2.0 \(more)") {
        TestRelease("2.0", belay: belay, files: more ? ["/usr/share/shop/more": "2\n"] : [:])
      },
    ])
    try await host.succeed("apt-get -q -y install shop=1.0")
  }

  private static let isClean = #"""
    ! grep belay /proc/1/mountinfo && ! ls -d /var/lib/belay/shop/transactions/*/before 2> /dev/null
    """#

  /// apt in a hardened unit: what cannot be told before is asked afterwards.
  @Test(arguments: [
    "CapabilityBoundingSet=~CAP_SYS_ADMIN", "RestrictNamespaces=~mnt",
    "SystemCallFilter=~mount -p SystemCallErrorNumber=EPERM",
  ]) func withoutANamespaceItIsAskedAfterwards(_ property: String) async throws {
    try await Host.booted { host in
      try await publish(host)
      let result = try await host.run(
        "systemd-run --quiet --pipe --wait -p \(property) apt-get -q -y install shop=2.0")
      let told = result.stdout + result.stderr
      #expect(result.status == 0 && told.contains("gives us no mount namespace"), "\(told)")
      #expect(told.contains("it is asked again after it") && told.contains("checks 3/3 ok"), "\(told)")
      #expect(try await host.verdict() == "committed 0")
      try await host.succeed(Self.isClean)
    }
  }

  /// The kernel stacks two overlays, and this host is the second already: files are bound, new names cannot be shown.
  @Test(arguments: [false, true]) func withoutAnOverlayFilesAreBound(_ more: Bool) async throws {
    try await Host.booted { host in
      try await publish(host, more: more)
      for place in ["usr", "etc"] {
        try await host.succeed(
          """
          mkdir -p /run/stack/\(place)/up /run/stack/\(place)/work
          mount -t overlay -o lowerdir=/\(place),upperdir=/run/stack/\(place)/up,workdir=/run/stack/\(place)/work stack /\(place)
          """)
      }
      let result = try await host.apt("install shop=2.0")
      let told = result.stdout + result.stderr
      #expect(result.status == 0, "\(told)")
      #expect(told.contains("without overlayfs a new") == more, "\(told)")
      #expect(told.contains("against the new files: checks \(more ? 0 : 1)/1 ok"), "\(told)")
      #expect(told.contains("checks 3/3 ok"), "\(told)")
      let log = try await host.succeed("cat /var/lib/belay/shop/transactions/*-1.0-2.0/log")
      #expect(log.contains("no overlay over /usr"), "\(log)")
      try await host.succeed(Self.isClean)
    }
  }

  /// Killed in the check: no process and no mount is left, nothing was changed, and whoever comes next begins anew: preinst, when only
  /// the hook's program was killed, else the next run.
  @Test(arguments: [false, true]) func killedInIt(_ withApt: Bool) async throws {
    try await Host.booted { host in
      try await publish(host)
      try await host.write("/var/lib/belay/shop/fault", "before-check-3 instead touch /run/reached; sleep 1000\n")
      let prober = try await host.startProber()
      try await host.succeed("setsid apt-get -q -y install shop=2.0 > /run/apt.log 2>&1 < /dev/null &")
      try await host.until("[ -e /run/reached ]")
      try await host.succeed("ls -d /var/lib/belay/shop/transactions/*/before/root/usr; ! grep belay /proc/1/mountinfo")
      try await host.succeed(
        "rm /var/lib/belay/shop/fault; \(withApt ? "pkill -KILL -x apt-get;" : "") pkill -KILL -f 'belay-[p]repare'")
      try await host.until("! pgrep -x 'sleep|unshare|apt-get|dpkg'")
      if withApt {
        #expect(try await host.status(of: "shop") == "install ok installed 1.0")
        let answers = try await prober.stop()
        #expect(answers.missed.isEmpty && answers.versions == ["1.0"])
        try await host.succeed("! grep belay /proc/1/mountinfo; apt-get -q -y install shop=2.0")
      }
      let log = try await host.read("/run/apt.log")
      #expect(try await host.verdict() == "committed 0", "\(log)")
      #expect(try await host.answer() == "2.0")
      try await host.succeed(Self.isClean)
    }
  }
}
