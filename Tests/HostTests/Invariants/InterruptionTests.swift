import TestSupport
import Testing

/// An instant at which the program is killed under bare dpkg, and where the host must end: invariant 3. What happens under apt is
/// in the table of docs/interruptions.md and played from there.
struct Interruption: Sendable, CustomTestStringConvertible {
  /// The version that is tried: 2.0 fails its check, 3.0 works.
  let version: String
  /// The program's fault point.
  let point: String
  /// Whether the new version is there in the end.
  var isNew = false

  var testDescription: String { "\(version) at \(point)" }

  /// On the way forward, then on the way back; `prepared` under apt is prepared again by preinst.
  static let all: [Interruption] =
    [
      .init(version: "3.0", point: "prepared", isNew: true), .init(version: "3.0", point: "committed", isNew: true),
    ]
    + [
      "unpacked", "configure-begun", "saved", "updating", "step-1-begun", "step-1", "checking",
    ].map { .init(version: "3.0", point: $0) }
    + [
      "returning", "before", "stopped", "step-1-undone", "undone", "dump-1", "path-2", "data", "package", "path-1",
      "etc", "returned",
    ].map { .init(version: "2.0", point: $0) }
}

@Suite(.needsHost) struct InterruptionTests {
  /// One host a way of installing: each interruption starts from what the one before left.
  @Test(arguments: ["dpkg"]) func theProgramIsKilled(_ tool: String) async throws {
    try await Host.booted { host in
      try await host.publishShop()
      for interruption in Interruption.all where interruption.version == "2.0" {
        try await check(interruption, in: host, tool: tool, before: try await begin(host)) { command in
          try await host.write("/var/lib/belay/shop/fault", "\(interruption.point) kill\n")
          _ = try await host.run(command)
        }
      }
    }
  }

  @Test(arguments: ["dpkg"], Interruption.all.filter { $0.version == "3.0" })
  func theProgramIsKilledForward(_ tool: String, _ interruption: Interruption) async throws {
    try await Host.booted { host in
      try await host.publishShop()
      try await check(interruption, in: host, tool: tool, before: try await begin(host)) { command in
        try await host.write("/var/lib/belay/shop/fault", "\(interruption.point) kill\n")
        _ = try await host.run(command)
      }
    }
  }

  /// What is killed from outside while the postinst works, with the tool that runs it.
  static let killings = [
    ("apt", "pkill -KILL -x 'apt-get|dpkg'"), ("dpkg", "pkill -KILL -x dpkg"), ("apt", "pkill -TERM -x dpkg"),
    ("dpkg", "pkill -KILL -f 'info/[s]hop.postinst'"),
  ]

  @Test(arguments: killings) func dpkgOrAptIsKilled(_ tool: String, _ kill: String) async throws {
    try await Host.booted(load: .waiting) { host in
      try await host.publishShop()
      let last = Interruption(version: "3.0", point: "step-1")
      try await check(last, in: host, tool: tool, before: try await begin(host)) { command in
        try await reach("step-1", command, in: host)
        try await host.succeed("sync; \(kill); sleep 0.3; rm -f /run/fault")
      }
    }
  }

  /// Somebody's apt takes the lock while the unit puts the hold back: that is waited for, not lost.
  @Test func aStrangerCostsNoHold() async throws {
    try await Host.booted { host in
      try await host.publishShop()
      let before = try await begin(host)
      try await host.write("/var/lib/belay/shop/fault", "prepared kill\nmarks wait\n")
      #expect(try await host.run("dpkg --force-confold -i /srv/repo/shop_3.0_all.deb").status == 1)
      try await host.until("[ -e /var/lib/belay/shop/fault.reached ]")
      let lock = try await host.holdLock()
      try await host.succeed("rm -f /var/lib/belay/shop/fault*")
      try await host.until("grep -q 'could not put the hold back' /var/lib/belay/shop/transactions/*/log")
      try await lock.release()
      try await host.until("! [ -L /var/lib/belay/shop/open ]")
      #expect(try await host.verdict() == "aborted 1")
      let changed = try await host.shop().difference(from: before)
      #expect(changed.isEmpty)
    }
  }

  private func begin(_ host: Host) async throws -> ShopState {
    if try await host.status(of: "shop") == "not-installed" { return try await host.useShop() }
    return try await host.shop()
  }

  /// Runs the command in the background until the program waits at the point; a cut takes the fault away (`/run`).
  private func reach(_ point: String, _ command: String, in host: Host) async throws {
    try await host.succeed(
      "echo '\(point) wait' > /run/fault; ln -s /run/fault /var/lib/belay/shop/fault; sync;"
        + " setsid sh -c '\(command)' > /run/command.log 2>&1 < /dev/null &")
    try await host.until("[ -e /var/lib/belay/shop/fault.reached ]")
  }

  private func check(
    _ interruption: Interruption, in host: Host, tool: String, before: ShopState, _ act: (String) async throws -> Void
  ) async throws {
    let deb = "/srv/repo/shop_\(interruption.version)_all.deb"
    let command =
      tool == "apt"
      ? "apt-get -q -y --allow-change-held-packages -o Dpkg::Options::=--force-confold install \(deb)"
      : "dpkg --force-confold -i \(deb)"
    let what = "\(tool), \(interruption)"
    try await act(command)
    var interruption = interruption
    if tool == "dpkg" && interruption.point == "prepared" {
      interruption.isNew = false
      try await host.succeed("apt-get -q -y install other=2")
    }
    let after = try await host.shop()
    let verdict = try await host.verdict()
    if interruption.isNew {
      #expect(verdict == "committed 0", "\(what)")
      #expect(after["serves"] == interruption.version, "\(what)")
      #expect(after["package"].hasSuffix(" ok installed \(interruption.version)"), "\(what)")
      #expect(after["entries"] == "first" && after["ledger"] == "v2|row|end" && after["leftovers"] == "", "\(what)")
    } else {
      #expect(["returned 1", "aborted 1"].contains(verdict), "\(what)")
      let changed = after.difference(from: before)
      #expect(changed.isEmpty, "\(what)")
    }
    let refused = try await host.run(
      "rm -f /var/lib/belay/shop/fault*; sh /var/lib/belay/shop/belay unblock \(interruption.version)")
    #expect(refused.status == (verdict == "returned 1" ? 0 : 74), "\(what)")
  }
}
