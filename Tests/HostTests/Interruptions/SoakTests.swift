import struct Foundation.Data
import class Foundation.FileHandle
import class Foundation.ProcessInfo
import TestSupport
import Testing

/// Random power cuts, as many as one asks for: `make soak`; a few with Debian's own kernel: `make soak-vm`. Every cut is a host of its own and can be repeated by seed and number.
@Suite(
  .needsHost,
  .enabled(if: ProcessInfo.processInfo.environment["BELAY_SOAK_CUTS"] != nil, "minutes of power cuts: make soak"))
struct SoakTests {
  static let environment = ProcessInfo.processInfo.environment
  static let seed = environment["BELAY_SOAK_SEED"].flatMap(UInt64.init) ?? UInt64.random(in: 1..<1_000_000)
  static let kind: Host.Kind = environment["BELAY_SOAK_VM"] == nil ? .namespaces : .machine
  /// How many times longer everything takes there, in what is waited for at random.
  static let slowness = kind == .machine ? 8 : 1
  /// A machine computes all the time.
  static let load: HostLoad = kind == .machine ? .busy : .waiting
  static let numbers: [Int] = {
    if let one = environment["BELAY_SOAK_ONLY"].flatMap(Int.init) { return [one] }
    return Array(0..<(environment["BELAY_SOAK_CUTS"].flatMap(Int.init) ?? 0))
  }()

  @Test(arguments: numbers) func endsOldOrNew(_ number: Int) async throws {
    let start = try await SoakStart.shared.start(seed: Self.seed)
    var chance = Chance(seed: Self.seed &+ UInt64(number) &* 0x9E37_79B9)
    let isGood = chance.below(2) == 0
    let version = isGood ? "3.0" : "2.0"
    let what = "seed \(Self.seed), cut \(number), \(version)"
    let began = ContinuousClock.now
    try await Host.booted(on: start.shop.layer, load: Self.load, powerCuts: true, kind: Self.kind) { host in
      let entries = try await host.writeEntries()
      try await host.succeed(
        "setsid \(SoakStart.install(version)) > /run/command.log 2>&1 < /dev/null &")
      try await Task.sleep(for: .milliseconds(chance.below(start.milliseconds[version] ?? 4000)))
      try await host.powerCut(boot: false)
      for _ in 0..<5 where chance.below(3) == 0 {
        try await host.bootWithoutWaiting()
        try await Task.sleep(for: .milliseconds(chance.below(3000 * Self.slowness)))
        try await host.powerCut(boot: false)
      }
      try await host.boot()
      try await host.commandIsGone(within: .seconds(60 * Self.slowness))
      let other = try await host.run("apt-get -q -y install other=2")
      #expect(other.status == 0, "\(what): apt is of no use for others: \(other.stdout)\(other.stderr)")
      let verdict = try await host.verdict()
      var after = try await host.shop()
      let kept = Set(after["entries"].split(separator: "|"))
      let lost = try entries.acknowledged().filter { !kept.contains($0[...]) }
      #expect(lost.isEmpty, "\(what): lost \(lost), has \(after["entries"])")
      if after["serves"] == "3.0" {
        #expect(verdict == "committed 0", "\(what)")
        #expect(after["package"].hasSuffix(" ok installed 3.0") && after["leftovers"] == "", "\(what): \(after)")
        #expect(after["ledger"] == "v2|row|end", "\(what)")
      } else {
        #expect(["returned 1", "aborted 1", "committed 0"].contains(verdict), "\(what)")
        after.parts["entries"] = start.shop.state["entries"]
        let changed = after.difference(from: start.shop.state)
        #expect(changed.isEmpty, "\(what): in between")
      }
      if Self.kind == .machine {
        let seconds = (ContinuousClock.now - began) / .seconds(1)
        await SoakStart.shared.say(
          "cut \(number) of shop \(version): serves \(after["serves"]), \(verdict), \(Int(seconds)) s")
      }
      await SoakStart.shared.count(of: Self.numbers.count)
    }
  }
}

/// A generator whose numbers a seed repeats (SplitMix64).
struct Chance {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func below(_ limit: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((value ^ (value >> 31)) % UInt64(max(1, limit)))
  }
}

/// Where every cut starts: shop in use, and how long its two upgrades take when nobody cuts anything.
actor SoakStart {
  static let shared = SoakStart()

  struct Start: Sendable {
    let shop: UsedShop.Start
    let milliseconds: [String: Int]
  }

  private var task: Task<Start, any Error>?
  private var done = 0

  /// One of the shop's conffiles is edited: without an answer dpkg would ask for it.
  static func install(_ version: String) -> String {
    "apt-get -q -y --allow-change-held-packages -o Dpkg::Options::=--force-confold install shop=\(version)"
  }

  func start(seed: UInt64) async throws -> Start {
    if let task { return try await task.value }
    say("power cuts with seed \(seed)")
    let task = Task {
      let shop = try await UsedShop(data: "unopened").layer()
      var milliseconds: [String: Int] = [:]
      for version in ["2.0", "3.0"] {
        try await Host.booted(on: shop.layer, load: SoakTests.load, powerCuts: true, kind: SoakTests.kind) { host in
          let began = ContinuousClock.now
          _ = try await host.run(Self.install(version))
          milliseconds[version] = Int((ContinuousClock.now - began) / .milliseconds(1)) * 11 / 10
        }
      }
      return Start(shop: shop, milliseconds: milliseconds)
    }
    self.task = task
    return try await task.value
  }

  func count(of all: Int) {
    done += 1
    if done % 10 == 0 || done == all { say("\(done) of \(all) power cuts") }
  }

  func say(_ text: String) { FileHandle.standardError.write(Data("soak: \(text)\n".utf8)) }
}

/// What a client wrote to the service, and was told that it is kept.
struct WrittenEntries {
  let file: String

  func acknowledged() throws -> [String] {
    try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").map(String.init)
  }
}

extension Host {
  /// Writes entries as fast as the service takes them, until the host is gone; who was acknowledged is written down outside.
  func writeEntries() async throws -> WrittenEntries {
    let file = try Scratch.make() + "/acknowledged"
    try await stream(
      #"""
      for n in $(seq 100000); do
        if { exec 3<> /dev/tcp/127.0.0.1/8080; } 2> /dev/null; then
          printf 'POST /entries HTTP/1.0\r\nContent-Length: %s\r\n\r\nentry-%s' "$((6 + ${#n}))" "$n" >&3
          if timeout 2 grep -q kept <&3; then echo "entry-$n"; fi
          exec 3>&-
        fi
        sleep 0.02
      done
      """#, to: file)
    try await until("[ $(wc -l < /var/lib/shop/entries) -ge 2 ]")
    return WrittenEntries(file: file)
  }
}
