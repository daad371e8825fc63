import TestSupport
import Testing

/// A return on a disk without room (`postpone.sh`): it waits, says so, and goes on by itself.
@Suite(.needsHost) struct RoomTests {
  private static let upgrade =
    "apt-get -q -y --allow-change-held-packages -o Dpkg::Options::=--force-confold install shop=2.0"

  /// Room that the ballast had held is taken as soon as the return gives it back.
  @Test(arguments: ["stopped", "data", "etc"]) func itGoesOnWhenThereIsRoom(_ point: String) async throws {
    let shop = try await UsedShop.shared.layer()
    try await Host.booted(on: shop.layer, powerCuts: true) { host in
      try await host.reach(point, Self.upgrade)
      try await host.fill()
      try await host.release("true")
      try await host.untilItWaitsForRoom()
      let json = try await host.run("sh /var/lib/belay/shop/belay status --json")
      #expect(json.status == 3 && json.stdout.contains(#""state": "returning""#), "\(json.stdout)")
      #expect(try await host.succeed("systemctl show -p ActiveState --value belay-shop-deferred") == "activating")
      let log = try await host.read("/run/command.log")
      #expect(log.contains("is full: the return goes on as soon as there is room"), "\(log)")
      #expect(!log.contains("STRANDED"), "\(log)")
      try await host.free()
      try await host.commandIsGone()
      try await host.expect(.old, of: "2.0", before: shop.state, "no room at \(point)")
    }
  }

  /// There is room, and less than the old version's files take: it waits for that much.
  @Test func whatIsTooLittleIsWaitedFor() async throws {
    try await Host.booted(load: .waiting, size: "400M", powerCuts: true) { host in
      try await host.publishShop(
        withFirst: ReleaseShelf.shared.deb("1.0 large") {
          TestRelease(
            "1.0", belay: TestRelease.richBelay(migrates: false),
            files: ["/usr/share/shop/words": String(repeating: "a word of the old version\n", count: 2_000_000)])
        })
      let before = try await host.useShop()
      try await host.reach("data", Self.upgrade)
      try await host.release("fallocate -l $(($(stat -f -c '%a * %S' /srv) - 25000000)) /srv/full")
      try await host.untilItWaitsForRoom()
      // More than what counts as full.
      try await host.succeed("[ $(($(stat -f -c '%a * %S' /srv))) -gt 16777216 ]")
      try await host.succeed("rm /srv/full")
      try await host.commandIsGone()
      try await host.expect(.old, of: "2.0", before: before, "too little room")
    }
  }
}

extension Host {
  private static let waitsForRoom = "sh /var/lib/belay/shop/belay status | grep 'a return: it waits for room in /'"

  /// The run is over, and nobody works on the return, because there is no room.
  fileprivate func untilItWaitsForRoom() async throws {
    try await until("! pgrep -x 'apt-get|dpkg' && \(Self.waitsForRoom)", within: .seconds(60))
  }
}
