import TestSupport
import Testing

/// Checks of stage 'before': what follows from their verdict. That a refusal changes nothing is RefusalTests' business.
@Suite(.needsHost) struct BeforeTests {
  /// shop 1.0, and 2.0 with this check and more.
  private func publish(_ host: Host, check: String, packaging: String = "", files: [String: String] = [:]) async throws
  {
    let shelf = ReleaseShelf.shared
    let belay = TestRelease.plainBelay + "\n  - {name: parses, run: \"\(check)\", stage: before}"
    try await host.repository.add(
      [
        try await shelf.deb("before 1.0") { TestRelease("1.0") },
        try await shelf.deb("before \(check) \(packaging) \(files)") {
          TestRelease("2.0", belay: belay, packaging: packaging, files: files)
        },
        try await shelf.foreign("before data") {
          ForeignPackage("shop-data", "2", files: ["/usr/share/shop-data/words": "two\n"])
        },
      ] + (try await shelf.neighbours()))
    try await host.succeed("apt-get -q -y install shop=1.0 other=1")
  }

  /// What the same run brings is not there yet: it cannot be told before, so it is asked afterwards, and decides then.
  @Test(arguments: [true, false]) func whatDependsOnTheSameRunIsAskedAgain(_ passes: Bool) async throws {
    try await Host.booted { host in
      try await publish(
        host, check: "grep -qx \(passes ? "two" : "three") /usr/share/shop-data/words",
        packaging: "depends: [shop-data]")
      let result = try await host.apt("install shop=2.0 other=2")
      let told = result.stdout + result.stderr
      #expect(told.contains("check 'parses' cannot tell before the update: what it depends on is not installed yet"))
      #expect(result.status == (passes ? 0 : 100), "\(told)")
      #expect(told.contains(passes ? "checks 3/3 ok" : "check 3/3 'parses' FAILED"), "\(told)")
      let verdict = try await host.verdict()
      #expect(verdict == (passes ? "committed 0" : "returned 1"), "\(told)")
      #expect(try await host.answer() == (passes ? "2.0" : "1.0"))
    }
  }

  /// A site that observes refuses nothing, and what did not pass is never called good.
  @Test func anObservingSiteGoesOnUnproven() async throws {
    try await Host.booted { host in
      try await publish(host, check: "grep -qx 1.0 /usr/lib/shop/version")
      try await host.succeed(ObservationTests.observing)
      let result = try await host.apt("install shop=2.0 other=2")
      let told = result.stdout + result.stderr
      #expect(result.status == 0, "\(told)")
      #expect(told.contains("OBSERVE: would have refused because check 'parses' fails against the new files"))
      #expect(told.contains("OBSERVE: would have returned because check 3/3 'parses' FAILED"), "\(told)")
      #expect(try await host.verdict() == "unproven 3")
    }
  }

  /// The files of the release are read-only to the check: one that writes there passes only in the place itself.
  @Test func aPersonOverridesWhatTheSiteAllows() async throws {
    try await Host.booted { host in
      try await publish(host, check: "touch /usr/lib/shop/lock /etc/shop/lock")
      let install = "BELAY_OVERRIDE='it writes' apt-get -q -y install shop=2.0 other=2"
      for rules in ["", "overrides=checks,space\n"] {
        try await host.write("/etc/belay/policy.d/site.conf", rules)
        let refused = try await host.run(install)
        #expect(refused.status == 100 && refused.stderr.contains("Read-only file system"), "\(refused.stderr)")
        #expect(try await host.verdict() == "refused 1")
        #expect(try await host.status(of: "other") == "install ok installed 1")
      }
      try await host.write("/etc/belay/policy.d/site.conf", "overrides=before\n")
      let result = try await host.run(install)
      #expect(result.status == 0, "\(result.stderr)")
      #expect(result.stderr.contains("check 'parses' OVERRIDDEN"), "\(result.stderr)")
      #expect(try await host.verdict() == "committed 0")
      let status = try await host.run("belay-shop status")
      #expect(status.stdout.contains("overridden parses: it writes"), "\(status.stdout)")
    }
  }

  /// An advisory check reports, and is not asked again.
  @Test func advisoryChecksReport() async throws {
    try await Host.booted { host in
      try await publish(host, check: "grep -qx 1.0 /usr/lib/shop/version\", severity: advisory, user: \"nobody")
      let result = try await host.apt("install shop=2.0")
      let told = result.stdout + result.stderr
      #expect(result.status == 0 && told.contains("advisory: check 'parses' against the new files: fail"), "\(told)")
      #expect(told.contains("checks 2/3 ok"), "\(told)")
      #expect(try await host.verdict() == "committed 0")
    }
  }
}
