import Testing
import TestSupport

/// The fixture's own promises: a test that trusts a host must be able to.
@Suite(.needsHost) struct FixtureTests {
  @Test func bareHostHasNoInitAndNoNetwork() async throws {
    try await Host.bare { host in
      let answer = try await host.run("systemctl start cron")
      #expect(answer.stderr.contains("not been booted with systemd"))
      #expect(try await host.succeed("ip -brief link | cut -d' ' -f1") == "lo")
      #expect(try await host.run("exit 7").status == 7)
      #expect(try await host.run("kill -9 $$").status == 137)
    }
  }

  @Test func commandsAreClean() async throws {
    try await Host.bare { host in
      try await host.write("/root/a b/it's", "one\ntwo '\"$x\n", mode: "0600")
      #expect(try await host.read("/root/a b/it's") == "one\ntwo '\"$x\n")
      #expect(try await host.succeed("stat -c %a \"/root/a b/it's\"") == "600")
      #expect(try await host.run("env | cut -d= -f1 | sort | head -n 3").stdout == "DEBIAN_FRONTEND\nHOME\nLC_ALL\n")
      #expect(try await host.succeed("readlink /proc/self/fd/0") != "")
    }
  }

  @Test func commandsEndInTime() async throws {
    try await Host.bare { host in
      #expect(try await host.run("sleep 60", timeout: .seconds(1)).status == 137)
      await #expect(throws: HostError.self) { try await host.until("false", within: .milliseconds(200)) }
      try await host.until("[ -e /etc/passwd ]")
    }
  }

  @Test func bootedHostRunsSystemd() async throws {
    try await Host.booted { host in
      #expect(try await host.succeed("systemctl is-system-running") == "running")
      #expect(try await host.succeed("systemd-run --wait --pipe --quiet echo yes") == "yes")
      #expect(try await host.succeed("sed -n s/^0:://p /proc/self/cgroup").contains("session"))
      let first = try await host.read("/proc/sys/kernel/random/boot_id")
      try await host.write("/root/kept", "")
      try await host.reboot()
      #expect(try await host.read("/proc/sys/kernel/random/boot_id") != first)
      #expect(try await host.exists("/root/kept"))
      try await host.crash()
      #expect(try await host.exists("/root/kept"))
    }
  }

  @Test func powerCutLosesOnlyWhatWasNotSynced() async throws {
    try await Host.booted(powerCuts: true) { host in
      try await host.succeed("echo a > /root/synced; sync /root/synced; echo b > /root/not-synced")
      try await host.powerCut()
      #expect(try await host.read("/root/synced") == "a\n")
      #expect(try await host.run("cat /root/not-synced").stdout == "")
    }
  }

  /// Whoever was told that a line is on the disk finds it there: nobody acts on what a dead disk answers.
  @Test func whatIsAcknowledgedSurvivesAPowerCut() async throws {
    try await withScratch { directory in
      try await Host.bare(powerCuts: true) { host in
        for cut in 1...20 {
          let file = "\(directory)/\(cut)"
          try await host.stream("while :; do echo x > /root/other.$RANDOM; done", to: "/dev/null")
          try await host.stream("perl -MIO::Handle -e '\(Self.writer)' \(cut)", to: file)
          try await host.until("[ \"$(wc -l < /root/\(cut))\" -gt \(cut * 2) ]")
          try await host.powerCut()
          let told = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").map(String.init)
          let kept = try await host.read("/root/\(cut)").split(separator: "\n").map(String.init)
          #expect(!told.isEmpty && told.last == kept.prefix(told.count).last, "cut \(cut)")
        }
      }
    }
  }

  /// Appends numbers to a file of /root, each synced before it is printed.
  private static let writer = #"""
    $| = 1;
    for my $n (1..1000000) {
      open my $file, ">>", "/root/$ARGV[0]" or next;
      if ((print $file "$n\n") && $file->flush && $file->sync) { print "$n\n" }
    }
    """#

  @Test func databaseIsUp() async throws {
    try await Host.booted(.postgresql) { host in
      let answer = try await host.succeed("runuser -u postgres -- psql -Atc 'select 1'")
      #expect(answer == "1")
    }
  }
}

@Suite(.needsHost) struct ShopTests {
  @Test func serviceAndProber() async throws {
    try await Host.booted { host in
      try await withScratch { directory in
        try await host.repository.add(
          TestRelease("1.0").foreign.build(in: directory), TestRelease("2.0").foreign.build(in: directory),
          TestRelease("3.0", .answers500).foreign.build(in: directory),
          TestRelease("4.0", .refusesToStart).foreign.build(in: directory),
          TestRelease("5.0", .dies(afterSeconds: 1)).foreign.build(in: directory))
      }
      try await host.succeed("apt-get install -y shop=1.0")
      let prober = try await host.startProber()
      try await host.succeed("perl -MIO::Socket::INET -e \"$post\"", environment: ["post": Self.post])
      #expect(try await host.read("/var/lib/shop/entries") == "hello\n")
      try await host.succeed("sleep 0.2; apt-get install -y shop=2.0; sleep 0.2")
      let answers = try await prober.stop()
      #expect(answers.versions == ["1.0", "2.0"])
      #expect(answers.missed.count < answers.count / 2)
      #expect(answers.longestOutage < .seconds(2))
      let broken = try await host.startProber()
      try await host.succeed("apt-get install -y shop=3.0; sleep 0.2")
      #expect(try await broken.stop().last?.text == nil)
      _ = try await host.run("apt-get install -y shop=4.0")
      #expect(try await host.run("systemctl is-active shop").stdout != "active\n")
      try await host.succeed("systemctl reset-failed shop; apt-get install -y --allow-downgrades shop=5.0")
      try await host.until("! systemctl is-active shop", within: .seconds(5))
    }
  }

  private static let post = #"""
    $s = IO::Socket::INET->new(PeerAddr => "127.0.0.1", PeerPort => 8080);
    print $s "POST /entries HTTP/1.0\r\nContent-Length: 5\r\n\r\nhello";
    print <$s>;
    """#
}
