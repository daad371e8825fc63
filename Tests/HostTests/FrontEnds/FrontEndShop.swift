import TestSupport

/// shop 1.0 in use on a host with all the front ends, once for all the tests that start from there.
actor FrontEndShop {
  static let shared = FrontEndShop()

  private var start: Task<UsedShop.Start, any Error>?

  func layer() async throws -> UsedShop.Start {
    if let start { return try await start.value }
    let task = Task {
      var state = ShopState(parts: [:])
      let layer = try await Host.layer(.frontends) { host in
        try await host.publishFrontEndShop()
        state = try await host.useFrontEndShop()
      }
      return UsedShop.Start(layer: layer, state: state)
    }
    start = task
    return try await task.value
  }
}

extension Host {
  /// Publishes shop 1.0, 2.0 (fails its check) and 3.0 with one conffile, which asks nothing; desk, which needs shop; other and zother.
  func publishFrontEndShop() async throws {
    let shelf = ReleaseShelf.shared
    let debs = [
      try await shelf.deb("front 1.0") { TestRelease("1.0", belay: TestRelease.richBelay(migrates: false)) },
      try await shelf.deb("front 2.0") {
        TestRelease("2.0", .answers500, belay: TestRelease.richBelay(steps: TestRelease.writingStep))
      },
      try await shelf.deb("front 3.0") { TestRelease("3.0", belay: TestRelease.richBelay()) },
      try await shelf.foreign("desk") { ForeignPackage("desk", "1", fields: ["Depends": "shop"]) },
    ]
    try await repository.add(debs + (try await shelf.neighbours()))
  }

  /// shop 1.0 automatically installed because of desk; zother on hold at 1. What apt proposes is shop 2.0 (`propose`).
  func useFrontEndShop() async throws -> ShopState {
    // Nothing of the host's own may come between.
    try await succeed("systemctl disable --now apt-daily.timer apt-daily-upgrade.timer")
    try await write("/etc/apt/apt.conf.d/52site", "Unattended-Upgrade::Origins-Pattern { \"origin=*\"; };\n")
    try await propose("2.0")
    try await useShop("apt-get install -q -y shop=1.0 desk other=1 zother=1")
    try await succeed("apt-mark unhold shop; apt-mark hold zother")
    return try await shop()
  }

  /// Makes a version of shop the newest that apt may take.
  func propose(_ version: String) async throws {
    let other = version == "2.0" ? "3.0" : "2.0"
    try await write("/etc/apt/preferences.d/site", "Package: shop\nPin: version \(other)\nPin-Priority: -1\n")
  }

  /// What has to be the same after every run: apt can work, zother is what it was and held.
  func surroundings() async throws -> String {
    try await succeed(
      "dpkg --audit; apt-get -q check > /dev/null; apt-mark showhold; dpkg-query -W -f '${Version}' zother desk")
  }
}
