import struct Foundation.Data
import class Foundation.FileHandle
import class Foundation.ProcessInfo
import TestSupport
import Testing

/// Random power cuts, as many as one asks for: `make soak`; a few with Debian's own kernel: `make soak-vm`. Every one is a
/// host of its own and can be repeated by seed and number.
@Suite(
  .needsHost,
  .enabled(if: ProcessInfo.processInfo.environment["BELAY_SOAK_CUTS"] != nil, "minutes of power cuts: make soak"))
struct SoakTests {
  static let environment = ProcessInfo.processInfo.environment
  static let seed = environment["BELAY_SOAK_SEED"].flatMap(UInt64.init) ?? UInt64.random(in: 1..<1_000_000)
  static let kind: Host.Kind = environment["BELAY_SOAK_VM"] == nil ? .namespaces : .machine
  static let load: HostLoad = kind == .machine ? .emulated : .waiting
  static let numbers: [Int] = {
    if let one = environment["BELAY_SOAK_ONLY"].flatMap(Int.init) { return [one] }
    return Array(0..<(environment["BELAY_SOAK_CUTS"].flatMap(Int.init) ?? 0))
  }()

  @Test(arguments: numbers) func endsOldOrNew(_ number: Int) async throws {
    let start = try await SoakStart.shared.start(seed: Self.seed)
    var chance = Chance(seed: Self.seed &+ UInt64(number) &* 0x9E37_79B9)
    let version = chance.below(2) == 0 ? "3.0" : "2.0"
    let what = "seed \(Self.seed), cut \(number), \(version)"
    do {
      var end = End()
      try await Host.booted(on: start.shop.layer, load: Self.load, powerCuts: true, kind: Self.kind) { host in
        end = try await Self.cut(host, version, start, &chance)
      }
      #expect(end.wrong.isEmpty, "\(what): \(end.summary)")
      // As it comes: a run of machines takes long, and may be ended before its end.
      if Self.kind == .machine { await SoakStart.shared.say("\(what): \(end.summary)") }
    } catch {
      await SoakStart.shared.say("\(what): no verdict: \(error)")
      throw error
    }
    await SoakStart.shared.count(of: Self.numbers.count)
  }

  /// What a cut came to.
  struct End {
    var cuts = 1
    var acknowledged = 0
    var serves = ""
    var verdict = ""
    /// What must not be.
    var wrong: [String] = []

    var summary: String {
      "\(wrong.isEmpty ? "good" : "WRONG"): \(cuts) cuts, \(acknowledged) entries acknowledged, serves \(serves), \(verdict)"
        + wrong.map { "\n  \($0)" }.joined()
    }
  }

  private static func cut(
    _ host: Host, _ version: String, _ start: SoakStart.Start, _ chance: inout Chance
  ) async throws -> End {
    var end = End()
    let entries = try await host.writeEntries()
    try await host.succeed(
      "setsid \(SoakStart.install(version)) > /run/command.log 2>&1 < /dev/null &")
    try await Task.sleep(for: .milliseconds(chance.below(start.milliseconds[version] ?? 4000)))
    try await host.powerCut(boot: false)
    for _ in 0..<5 where chance.below(3) == 0 {
      end.cuts += 1
      try await host.bootWithoutWaiting()
      try await Task.sleep(for: .milliseconds(chance.below(3000 * kind.slowness)))
      try await host.powerCut(boot: false)
    }
    try await host.boot()
    try await host.commandIsGone()
    let other = try await host.run("apt-get -q -y install other=2")
    if other.status != 0 { end.wrong.append("apt is of no use for others: \(other.stdout)\(other.stderr)") }
    end.verdict = try await host.verdict()
    var after = try await host.shop()
    end.serves = after["serves"]
    let kept = Set(after["entries"].split(separator: "|"))
    let acknowledged = try entries.acknowledged()
    end.acknowledged = acknowledged.count
    let lost = acknowledged.filter { !kept.contains($0[...]) }
    if !lost.isEmpty { end.wrong.append("lost \(lost), has \(after["entries"])") }
    if after["serves"] == "3.0" {
      if end.verdict != "committed 0" { end.wrong.append("says \(end.verdict)") }
      if !after["package"].hasSuffix(" ok installed 3.0") || after["leftovers"] != "" { end.wrong.append("\(after)") }
      if after["ledger"] != "v2|row|end" { end.wrong.append("the ledger has \(after["ledger"])") }
    } else {
      if !["returned 1", "aborted 1", "committed 0"].contains(end.verdict) { end.wrong.append("says \(end.verdict)") }
      after.parts["entries"] = start.shop.state["entries"]
      let changed = after.difference(from: start.shop.state)
      if !changed.isEmpty { end.wrong.append("in between: \(changed)") }
    }
    return end
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
  private let began = ContinuousClock.now

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
      var verdict = ""
      for version in ["2.0", "3.0"] {
        try await Host.booted(on: shop.layer, load: SoakTests.load, powerCuts: true, kind: SoakTests.kind) { host in
          let began = ContinuousClock.now
          _ = try await host.run(Self.install(version))
          milliseconds[version] = Int((ContinuousClock.now - began) / .milliseconds(1)) * 11 / 10
          try await host.commandIsGone()
          verdict = try await host.verdict()
        }
        say("\(version) is cut within \(milliseconds[version] ?? 0) ms; uncut it ends with \(verdict)")
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

  /// With the seconds since the beginning.
  func say(_ text: String) {
    let seconds = Int((ContinuousClock.now - began) / .seconds(1))
    FileHandle.standardError.write(Data("soak, \(seconds) s: \(text)\n".utf8))
  }
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
