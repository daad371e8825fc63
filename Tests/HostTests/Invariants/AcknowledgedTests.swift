import TestSupport
import Testing

/// Once users could write to the new version nothing automatic replaces data: invariant 5.
@Suite(.needsHost) struct AcknowledgedTests {
  /// A release that users wrote to, whose data may go back only while it is unopened, and whose undo fails.
  private static let belay = TestRelease.richBelay(
    data: "unopened", ledger: "unopened", undo: "exit 1", steps: TestRelease.writingStep)

  @Test(arguments: ["keep", "return --accept-loss", "return", "nothing"])
  func aPersonDecides(_ decision: String) async throws {
    try await Host.booted { host in
      try await host.publishShop()
      try await host.repository.add(
        ReleaseShelf.shared.deb("held 4.0") { TestRelease("4.0", .answers500, belay: Self.belay) })
      let before = try await host.useShop()
      let result = try await host.apt("install shop=4.0 other=2", options: "-o Dpkg::Options::=--force-confold")
      #expect(result.status == 100)
      let verdict = try await host.verdict()
      #expect(verdict == "held 2", "\(result.stderr)")
      let held = try await host.shop()
      #expect(held["entries"] == "first|written-by-the-new" && held["ledger"] == "v2|row|end")
      #expect(held["package"].hasSuffix(" ok half-configured 4.0"))
      #expect(held["leftovers"] == "" && held["active"] == "active")
      // Nothing decides for the person: not the next apt run, not a boot.
      _ = try await host.apt("install zother=2")
      try await host.crash()
      let still = try await host.verdict()
      #expect(still == "held 2")
      let other = [try await host.status(of: "other"), try await host.status(of: "zother")]
      #expect(other == ["install ok installed 2", "install ok installed 2"])
      if decision == "nothing" { return }

      let decided = try await host.run("sh /var/lib/belay/shop/belay \(decision)")
      let after = try await host.shop()
      switch decision {
      case "keep":
        #expect(decided.status == 0, "\(decided.stderr)")
        #expect(after["package"].hasSuffix(" ok installed 4.0") && after["entries"] == held["entries"])
        #expect(try await host.verdict() == "committed 0")
      case "return":
        #expect(decided.status == 64)
        #expect(after == held)
      default:
        #expect(decided.status == 0, "\(decided.stderr)")
        let changed = after.difference(from: before)
        #expect(changed.isEmpty, "\(decided.stderr)")
        let aside = try await host.succeed("cat /var/lib/shop.belay-*/entries")
        #expect(aside == "first\nwritten-by-the-new")
        #expect(try await host.verdict() == "returned 1")
      }
    }
  }

  /// Steps that can be undone: the old version lives with what was written, and it stays.
  @Test func whatWasWrittenStaysWhenTheOldVersionLivesWithIt() async throws {
    try await Host.booted { host in
      try await host.publishShop()
      try await host.repository.add(
        ReleaseShelf.shared.deb("opened 4.0") {
          TestRelease(
            "4.0", .answers500,
            belay: TestRelease.richBelay(data: "unopened", ledger: "unopened", steps: TestRelease.writingStep))
        })
      var expected = try await host.useShop()
      let result = try await host.apt("install shop=4.0", options: "-o Dpkg::Options::=--force-confold")
      let verdict = try await host.verdict()
      #expect(verdict == "returned 1", "\(result.stderr)")
      expected.parts["entries"] = "first|written-by-the-new"
      let changed = try await host.shop().difference(from: expected)
      #expect(changed.isEmpty)
    }
  }

  /// A service that a boot starts late, when the boot unit has begun to take the update back: either nothing starts any more, or
  /// what it acknowledges is kept.
  @Test func nothingStartsBehindTheQuestion() async throws {
    let shop = try await UsedShop(data: "unopened").layer()
    try await Host.booted(on: shop.layer, powerCuts: true) { host in
      try await host.write("/etc/systemd/system/shop.service.d/late.conf", "[Unit]\nConditionPathExists=/run/late\n")
      try await host.reach(
        "step-1", "apt-get -q -y --allow-change-held-packages -o Dpkg::Options::=--force-confold install shop=3.0")
      try await host.reachAtNextBoot("returning")
      try await host.powerCut(boot: false)
      try await host.bootUntil("[ -e /var/lib/belay/shop/fault.reached ]")
      _ = try await host.run("touch /run/late; systemctl start shop")
      #expect(try await host.succeed("systemctl is-active shop || :") == "inactive")
      let isKept = (try? await host.post("late")) != nil
      try await host.reachNothing()
      try await host.succeed("rm -f /run/fault")
      try await host.commandIsGone()
      #expect(try await host.verdict() == "returned 1")
      var after = try await host.shop()
      #expect(after["entries"] == (isKept ? "first|late" : "first"))
      after.parts["entries"] = shop.state["entries"]
      let changed = after.difference(from: shop.state)
      #expect(changed.isEmpty)
    }
  }
}
