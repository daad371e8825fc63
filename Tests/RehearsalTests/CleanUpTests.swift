import ExternalTools
import Foundation
import TestSupport
import Testing

/// Nothing stays behind on the machine, however a rehearsal ends.
@Suite(.needsHost, .serialized) struct CleanUpTests {
  /// What a rehearsal could leave: its hosts' directories, cgroups and processes, loop devices, mounts seen by everybody.
  private static let leftovers = #"""
    ls -d "$BELAY_CACHE/hosts"/r* "$BELAY_CACHE/hosts"/seed-* 2> /dev/null
    # Of these runs only: others may be at work on this machine.
    while read -r pid; do
      find /sys/fs/cgroup -maxdepth 2 -type d \( -name "belay-r$pid-*" -o -name "belay-seed-*-$pid" \) 2> /dev/null
    done < "$BELAY_CACHE/pids"
    losetup -l -n -O BACK-FILE | grep "$BELAY_CACHE" || :
    grep -F "$BELAY_CACHE" /proc/mounts || :
    pgrep -af "$BELAY_CACHE/hosts/r" || :
    """#

  @Test func anInterruptedRunLeavesNothing() async throws {
    try await withPair { scratch, cache in
      let result = try await rehearse(scratch, cache, interruptedBy: "INT")
      #expect(result.exitCode == 130, "\(result.errorText)")
      #expect(result.errorText.contains("belay: error: interrupted; its hosts are gone"))
      #expect(try await left(cache) == "")
    }
  }

  @Test func whatAKilledRunLeftIsSweptAwayByTheNext() async throws {
    try await withPair { scratch, cache in
      _ = try await rehearse(scratch, cache, interruptedBy: "KILL")
      #expect(try await left(cache) != "", "a SIGKILL gives nobody time to clear up")
      let next = try await rehearse(scratch, cache)
      #expect(next.exitCode == 0, "\(next.errorText)\(next.outputText)")
      #expect(try await left(cache) == "")
    }
  }

  @Test func aKeptHostCanBeEnteredAndGoesWithTheNextRun() async throws {
    try await withPair(.answers500) { scratch, cache in
      let result = try await rehearse(scratch, cache, ["--keep", "--scenario", "upgrade"])
      #expect(result.exitCode == 1, "\(result.errorText)")
      let enter = try #require(result.errorText.firstMatch(of: /enter it: sudo (nsenter -t \d+ .*) env -i/)).1
      let words = enter.split(separator: " ").map(String.init)
      let inside = try await Tool(words[0], Array(words.dropFirst()) + ["cat", "/usr/lib/shop/version"]).run()
      #expect(inside.outputText == "1.0\n")
      _ = try await rehearse(scratch, cache)
      #expect(try await left(cache) == "")
    }
  }

  private func withPair(
    _ behaviour: TestRelease.Behaviour = .works, _ body: (String, String) async throws -> Void
  ) async throws {
    try await withScratch { scratch in
      try await TestRelease("1.0").build(in: scratch)
      try await TestRelease("2.0", behaviour).build(in: scratch)
      try await body(scratch, scratch + "/cache")
    }
  }

  private func rehearse(
    _ scratch: String, _ cache: String, _ options: [String] = ["--scenario", "control"],
    interruptedBy signal: String? = nil
  ) async throws -> Tool.Result {
    var environment = ProcessInfo.processInfo.environment
    environment["BELAY_CACHE"] = cache
    environment["BELAY_HOSTS"] = nil
    let base = try await Host.directory(of: .minimal)
    let words =
      [Checkout.belay, "rehearse", "shop_2.0_all.deb", "--from", "shop_1.0_all.deb", "--base", base]
      + (signal == nil ? options : ["--scenario", "killed-*"])
    // The signal comes when hosts run, others are just being made.
    let signalled = """
      until ls -d "$BELAY_CACHE"/hosts/r*killed-*/init > /dev/null 2>&1; do kill -0 $pid || exit 99; sleep 0.05; done
      kill -\(signal ?? "") $pid
      """
    let script = """
      mkdir -p "$BELAY_CACHE"
      "$@" & pid=$!
      echo $pid >> "$BELAY_CACHE/pids"
      \(signal == nil ? "" : signalled)
      wait $pid
      """
    return try await Tool(
      "bash", ["-c", script, "-"] + words, environment: environment, directory: scratch, timeout: .seconds(120)
    ).run(accepting: nil)
  }

  private func left(_ cache: String) async throws -> String {
    var environment = ProcessInfo.processInfo.environment
    environment["BELAY_CACHE"] = cache
    return try await Tool("bash", ["-c", Self.leftovers], environment: environment).run(accepting: nil).outputText
  }
}
