import TestSupport
import Testing

/// `mode=observe`: all is run and recorded, nothing is refused or taken back by itself, and nothing unproved is called good.
@Suite(.needsHost) struct ObservationTests {
  static let observing = "mkdir -p /etc/belay/policy.d; echo mode=observe > /etc/belay/policy.d/site.conf"

  /// Switched on at the instant at which a state is reached, then everybody comes by.
  @Test func nothingIsTakenBackInAnyState() async throws {
    try await Host.booted { host in
      let before = try await host.useSwitchable()
      for state in SwitchedState.allCases {
        try await host.bring(to: state, switching: Self.observing)
        try await host.succeed(SuspensionTests.callers)
        let settled = try await host.shop()
        let words = try await host.words()
        #expect(words == Self.afterwards(state), "\(state)")
        if [.saved, .updating, .checking].contains(state) {
          #expect(settled["package"].hasSuffix(" ok installed 2.0") && settled["active"] == "active", "\(state)")
        }
        try await expectSwitch("observe", in: host)
        try await host.bringBack()
        let changed = try await host.shop().difference(from: before)
        #expect(changed.isEmpty, "\(state)")
      }
    }
  }

  /// Somebody's apt takes the lock just as the unit lets dpkg configure what stays: that is waited for.
  @Test func aStrangerDelaysOnlyDpkgsLastWord() async throws {
    try await Host.booted { host in
      _ = try await host.useSwitchable()
      try await host.bring(to: .saved, switching: Self.observing + "; systemctl stop belay-shop-settle")
      try await host.write("/var/lib/belay/shop/fault", "configure wait\n")
      try await host.succeed("systemctl start --no-block belay-shop-settle")
      try await host.until("[ -e /var/lib/belay/shop/fault.reached ]")
      #expect(try await host.words() == "unproven unproven 3")
      let lock = try await host.holdLock()
      try await host.succeed("rm -f /var/lib/belay/shop/fault*")
      try await host.until("grep -q ' was locked by ' /var/lib/belay/shop/transactions/*/log")
      try await lock.release()
      try await host.until("dpkg-query -W -f '${Status} ${Version}' shop | grep -q ' ok installed 2.0'")
      #expect(try await host.words() == "unproven unproven 3")
    }
  }

  private static func afterwards(_ state: SwitchedState) -> String {
    switch state {
    case .prepared: return "aborted aborted 1"
    case .unpacked: return "unpacked owed 3"
    case .saved, .updating, .checking: return "unproven unproven 3"
    case .returning: return "returned returned 1"
    default: return "\(state) \(state) \(state.exit)"
    }
  }

  /// A failure, said and recorded: apt goes on, and a person takes it back or keeps it.
  @Test func whatWouldHaveReturnedStaysUnproven() async throws {
    try await Host.booted { host in
      let before = try await host.useSwitchable()
      try await host.succeed(Self.observing)
      for (fault, why) in [
        ("", "check 3/3 'decides' FAILED"), ("step-1-run instead exit 7\n", "step 1/1 'migrate' failed"),
      ] {
        try await update(host, fault, says: "would have returned because \(why)")
        // Passing later does not make it good: only a person says so.
        let again = try await host.run("belay-shop check")
        #expect(again.status == 1 && again.stderr.contains("still UNPROVEN"), "\(again.stderr)")
        #expect(try await host.words() == "unproven unproven 3")
        try await expectSwitch("observe", in: host)
        let status = try await host.run("belay-shop status")
        #expect(status.stdout.contains("have returned because \(why)"), "\(status.stdout)")
        // What was taken back before is refused by record: here that is said, and no more.
        #expect(status.stdout.contains("have refused because") == !fault.isEmpty, "\(status.stdout)")
        let back = try await host.run("belay-shop return")
        #expect(back.status == 0, "\(back.stderr)")
        let changed = try await host.shop().difference(from: before)
        #expect(changed.isEmpty)
      }
      try await update(host, "", says: "would have returned because")
      try await host.succeed("belay-shop keep")
      #expect(try await host.words() == "committed committed 0")
    }
  }

  /// A copy that is not whole is none: the update goes on, and no return is tried on it.
  @Test(arguments: [("trial-1", "refused", "committed committed 0"), ("dumps-1", "returned", "unproven unproven 3")])
  func whatWasNotCopiedIsNotPutBack(_ copy: String, _ word: String, _ end: String) async throws {
    try await Host.booted { host in
      _ = try await host.useSwitchable()
      try await host.succeed(Self.observing)
      try await update(host, "\(copy)-save instead exit 7\n", says: "would have \(word) because")
      #expect(try await host.words() == end)
      let reached = try await host.shop()
      let refused = try await host.run("belay-shop return")
      #expect(refused.status == 74 && refused.stderr.contains("no way back"), "\(refused.stderr)")
      #expect(try await host.shop() == reached)
      try await expectSwitch("observe, no way back", in: host)
    }
  }

  private func update(_ host: Host, _ fault: String, says text: String) async throws {
    if fault.isEmpty { try await host.succeed("touch /run/fail") }
    try await host.write("/var/lib/belay/shop/fault", fault)
    let result = try await host.apt("install shop=2.0 other=2", options: "-o Dpkg::Options::=--force-confold")
    try await host.succeed(
      "rm -f /var/lib/belay/shop/fault /run/fail; apt-get -q -y --allow-downgrades install other=1")
    let told = result.stdout + result.stderr
    #expect(result.status == 0 && told.contains("OBSERVE: \(text)"), "\(told)")
    #expect(try await host.answer() == "2.0")
    #expect(try await host.status(of: "shop").hasSuffix(" ok installed 2.0"))
  }
}

/// Each line of status names the switch.
func expectSwitch(_ name: String, in host: Host) async throws {
  let status = try await host.run("sh /var/lib/belay/shop/belay status")
  for line in status.stdout.split(separator: "\n") {
    let marks = line.split(separator: "[").last ?? ""
    #expect(line.contains("[") && marks.contains(name), "\(line)")
  }
}
