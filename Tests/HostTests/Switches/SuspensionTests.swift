import TestSupport
import Testing

/// Hands-off and hold: nothing automatic happens, what is owed stays recorded, a person's verbs act.
@Suite(.needsHost) struct SuspensionTests {
  /// Every caller that no person asked for.
  static let callers = """
    apt-get -q -y --allow-downgrades install other=$(dpkg-query -W -f '${Version}' other | tr 12 21) > /run/callers.log 2>&1
    echo "apt $?"
    for caller in hook unit boot; do sh /var/lib/belay/shop/belay settle $caller < /dev/null >> /run/callers.log 2>&1; done
    """

  @Test func nothingIsDoneInAnyState() async throws {
    try await Host.booted { host in
      let before = try await host.useSwitchable()
      for state in SwitchedState.allCases {
        try await host.bring(
          to: state, switching: "mkdir -p /etc/belay; echo 'storage is being moved' > /etc/belay/hands-off")
        let reached = try await host.shop()
        let exit = state.exit == 2 ? 2 : 3
        let display = state.isInterrupted || state == .unproven ? "hands-off" : "\(state)"
        let switched = try await host.words()
        #expect(switched == "\(state) \(display) \(exit)")
        try await expectNothingHappens(host, state, reached, because: "hands-off: storage is being moved")

        // A hold alone does the same; lifting it settles what is owed.
        try await host.succeed("belay-shop hold the customer is on the phone; rm /etc/belay/hands-off")
        let held = try await host.words()
        #expect(held == "\(state) \(display) \(exit)")
        try await expectNothingHappens(host, state, reached, because: "hold: the customer is on the phone (")
        let lifted = try await host.run("sh /var/lib/belay/shop/belay unhold")
        let settled = try await host.words()
        #expect(settled == Self.afterwards(state), "\(state): \(lifted.stderr)")
        try await host.bringBack()
        let changed = try await host.shop().difference(from: before)
        #expect(changed.isEmpty, "\(state)")
      }
    }
  }

  /// Nor does a boot: what is enabled starts, but for what stands half returned, and a person goes on from there.
  @Test(arguments: [(SwitchedState.checking, "checking", "2.0"), (.returning, "data", "")])
  func aBootSettlesNothing(_ state: SwitchedState, _ point: String, _ serves: String) async throws {
    try await Host.booted { host in
      let before = try await host.useSwitchable()
      try await host.bring(to: state, switching: "mkdir -p /etc/belay; : > /etc/belay/hands-off", at: point)
      try await host.crash()
      let reached = try await host.shop()
      #expect(reached["serves"] == serves)
      #expect(try await host.words() == "\(state) hands-off 3")
      let status = try await host.run("sh /var/lib/belay/shop/belay status")
      #expect(status.stdout.contains("[hands-off: no reason was written down]"), "\(status.stdout)")
      let resumed = try await host.run("sh /var/lib/belay/shop/belay resume")
      #expect(try await host.words() == "returned returned 3", "\(resumed.stderr)")
      let changed = try await host.shop().difference(from: before)
      #expect(changed.isEmpty)
    }
  }

  /// What a state is settled to when the last switch is lifted.
  static func afterwards(_ state: SwitchedState) -> String {
    switch state {
    case .prepared: return "aborted aborted 1"
    case .unpacked, .saved, .updating, .checking, .returning: return "returned returned 1"
    default: return "\(state) \(state) \(state.exit)"
    }
  }

  private func expectNothingHappens(
    _ host: Host, _ state: SwitchedState, _ reached: ShopState, because reason: String
  ) async throws {
    let called = try await host.succeed(Self.callers)
    // dpkg's own opinion of a package that is not whole makes apt fail, and not ours.
    let isWhole = reached["notwhole"].isEmpty
    #expect(called == (isWhole ? "apt 0" : "apt 100"), "\(state)")
    let after = try await host.shop()
    let changed = after.difference(from: reached)
    #expect(changed.isEmpty, "\(state)")
    let status = try await host.run("sh /var/lib/belay/shop/belay status")
    for line in status.stdout.split(separator: "\n") { #expect(line.contains("[\(reason)"), "\(state)") }
    // Nothing could take a new version back by itself: it is refused, and that changes nothing either.
    let forward = try await host.prepare("3.0")
    #expect(forward.status == 1 && forward.stderr.contains("REFUSED"), "\(state): \(forward.stderr)")
    #expect(try await host.shop() == after, "\(state)")
  }
}
