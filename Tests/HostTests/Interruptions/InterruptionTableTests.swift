import TestSupport
import Testing

/// Every cell of docs/interruptions.md, on hosts whose disk really loses what was not synced: invariant 3.
@Suite(.needsHost) struct InterruptionTableTests {
  @Test(arguments: try InterruptionTable.cells()) func endsAsTheTableSays(_ cell: InterruptionTable.Cell) async throws {
    let shop = try await UsedShop.shared.layer()
    try await Host.booted(on: shop.layer, powerCuts: true) { host in
      try await cell.disturbance.play(at: cell, in: host)
      // What was interrupted before anything changed is closed by the next caller: and apt works for others, whatever happened.
      let other = try await host.run("apt-get -q -y install other=2")
      #expect(other.status == 0, "\(cell): \(other.stdout)\(other.stderr)")
      // Nothing was interrupted there: it goes on to its end.
      if cell.isInProbation { try await host.isSettled() }
      try await host.expect(cell.end, of: cell.version, before: shop.state, "\(cell)")
    }
  }
}

/// shop 1.0 in use, once for all the tests that start from there.
actor UsedShop {
  static let shared = UsedShop()

  struct Start: Sendable {
    let layer: HostLayer
    let state: ShopState
  }

  private let data: String
  private var start: Task<Start, any Error>?

  /// - Parameter data: `restore_when` of the service's data.
  init(data: String = "always") { self.data = data }

  func layer() async throws -> Start {
    if let start { return try await start.value }
    let task = Task { [data] in
      var state = ShopState(parts: [:])
      let layer = try await Host.layer { host in
        try await host.publishShop(data: data)
        try await host.publishProbation()
        state = try await host.useShop()
      }
      return Start(layer: layer, state: state)
    }
    start = task
    return try await task.value
  }
}

extension Host {
  /// Publishes shop 4.0, which works and has a probation.
  fileprivate func publishProbation() async throws {
    let deb = try await ReleaseShelf.shared.deb("4.0") {
      TestRelease(
        "4.0", belay: TestRelease.richBelay() + "\nprobation: 2s", configuration: "port=8080\n#3\n")
    }
    try await repository.add([deb])
  }

  /// The host is whole on the old version or on the new one, and says so.
  func expect(
    _ end: InterruptionTable.End, of version: String, before: ShopState, _ what: String
  ) async throws {
    let after = try await shop()
    let verdict = try await verdict()
    switch end {
    case .new:
      #expect(verdict == "committed 0", "\(what)")
      #expect(after["serves"] == version, "\(what)")
      #expect(after["package"].hasSuffix(" ok installed \(version)"), "\(what)")
      #expect(after["entries"] == "first" && after["ledger"] == "v2|row|end" && after["leftovers"] == "", "\(what)")
    case .old:
      #expect(["returned 1", "aborted 1"].contains(verdict), "\(what)")
      let changed = after.difference(from: before)
      #expect(changed.isEmpty, "\(what)")
    }
    let log = try await run("sh /var/lib/belay/shop/belay log | tail -n 60; cat /run/command.log")
    if verdict != "committed 0" && end == .new || end == .old && !["returned 1", "aborted 1"].contains(verdict) {
      Issue.record("\(what): \(log.stdout)")
    }
  }
}
