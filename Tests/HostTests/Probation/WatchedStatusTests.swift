import FoundationEssentials
import TestSupport
import Testing

/// What `status` says of a version under watch, to programs and to people.
@Suite(.needsHost) struct WatchedStatusTests {
  private struct Status: Decodable {
    struct Failing: Decodable, Equatable {
      var check: String
      var in_a_row: Int
      var retries: Int
    }
    struct Confirm: Decodable {
      var awaited: Bool
      var left_ms: Int?
      var session_after: String?
      var confirmed_by: String
    }
    struct Probation: Decodable {
      var left_ms: Int?
      var paused: String
      var failures: [Failing]
      var confirm: Confirm
    }
    var probation: Probation?
  }

  private func status(_ host: Host) async throws -> Status.Probation? {
    let text = try await host.run("belay-shop status --json").stdout
    return try JSONDecoder().decode(Status.self, from: Data(text.utf8)).probation
  }

  private func now(_ host: Host) async throws -> String {
    try await host.succeed("printf %s $(date -u +%FT%T.%3NZ)")
  }

  @Test func itSaysWhatIsAwaited() async throws {
    try await Host.booted(load: .waiting) { host in
      _ = try await host.useWatched("probation: 30m\nconfirm: {within: 10m, by: new_login}", retries: 1000)
      #expect(try await status(host) == nil)
      let before = try await now(host)
      #expect(try await host.update().status == 0)
      let after = try await now(host)
      let first = try #require(try await status(host))
      let left = try #require(first.left_ms)
      let toConfirm = try #require(first.confirm.left_ms)
      #expect(left > 1_000_000 && left <= 1_800_000 && toConfirm > 300_000 && toConfirm <= 600_000)
      #expect(first.paused == "" && first.failures == [] && first.confirm.awaited && first.confirm.confirmed_by == "")
      let since = try #require(first.confirm.session_after)
      #expect(since > before && since < after, "\(before) \(since) \(after)")
      // Every look counts.
      try await host.until("[ $(cut -d ' ' -f 3 /var/lib/belay/shop/open/clock) -gt 1000 ]")
      #expect(try #require(try await status(host)?.left_ms) <= 1_799_000)
      let text = try await host.run("belay-shop status").stdout
      #expect(text.contains(#/\nprobation +(29m \d\ds|2[0-8]m \d\ds) left\n/#), "\(text)")
      #expect(text.contains(#/\nconfirm +\dm \d\ds left, from a session that began after 20/#), "\(text)")
      try await host.succeed("touch /run/fail")
      try await host.until("belay-shop status --json | grep -q in_a_row")
      let failing = try #require(try await status(host)?.failures.first)
      #expect(failing.check == "decides" && failing.in_a_row > 0 && failing.retries == 1000)
      #expect(try await host.run("belay-shop status").stdout.contains("in a row; 1000 take it back"))
      try await host.succeed("rm /run/fail")
      try await host.until("belay-shop status --json | grep -q '\"failures\": \\[]'")
      // Any session of this boot: it began when the kernel did, which test hosts share with their machine.
      try await host.reboot()
      let booted = try #require(try await status(host))
      #expect(try #require(booted.confirm.session_after) < before && booted.confirm.awaited)
      try await host.succeed("belay-shop keep")
      #expect(try await status(host) == nil)
    }
  }
}
