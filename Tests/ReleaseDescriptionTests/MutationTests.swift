import ExternalTools
import Foundation
import ReleaseDescription
import TestSupport
import Testing

/// Damaged descriptions always end in findings or a release, never in a crash.
@Suite struct MutationTests {
  /// SplitMix64: the same mutations on every machine.
  private struct Generator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  private static let pieces = [
    "", "\n", ": ", "- ", "[", "]", "{", "}", "&a ", "*a", "!!str ", "'", "\"", "|\n", "#", "\\0", "\u{0}", "\r\n",
    "\t",
    "..", "../", "${X}", "$(", "999999999999999999999", "-1", "0x", "ü", "\u{FEFF}", "\u{F0000}", "<<: ", "? ", "---\n",
    "null", "~", "name: ",
  ]

  @Test(.timeLimit(.minutes(2)), arguments: [UInt64(4_711), 815, 42]) func neverCrash(_ seed: UInt64) async throws {
    var generator = Generator(state: seed)
    let names = ["example.yaml", "nfpm.yaml"]
    let texts = try names.map { Array(try GoodReleaseTests.text($0).utf8) }
    // The syntax checkers are other programs: here they would only cost time.
    let surroundings = Surroundings(variables: [:], directory: Description.tree) { _ in
      Tool.Result(exitCode: 0)
    }
    let reader = ReleaseReader(surroundings: surroundings)
    let end = ContinuousClock.now + .seconds(3)
    var rounds = 0
    while rounds < 400, ContinuousClock.now < end {
      var bytes = texts[rounds % 2]
      for _ in 0..<Int.random(in: 1...4, using: &generator) { mutate(&bytes, &generator) }
      let outcome = await reader.read(bytes, file: "release.yaml")
      let hasError = outcome.findings.contains { $0.severity == .error }
      #expect((outcome.release == nil) == hasError)
      for finding in outcome.findings {
        let isOneLine = !finding.message.contains { $0.isNewline }
        #expect(isOneLine && finding.line >= 1 && finding.column >= 1, "seed \(seed), round \(rounds): \(finding)")
      }
      rounds += 1
    }
    #expect(rounds > 20)
  }

  private func mutate(_ bytes: inout [UInt8], _ generator: inout Generator) {
    guard bytes.count > 1 else { return }
    let index = Int.random(in: 0..<bytes.count, using: &generator)
    switch Int.random(in: 0..<6, using: &generator) {
    case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
    case 1: bytes.remove(at: index)
    case 2:
      let count = min(bytes.count - index, Int.random(in: 1...60, using: &generator))
      bytes.removeSubrange(index..<(index + count))
    case 3:
      let count = min(bytes.count - index, Int.random(in: 1...60, using: &generator))
      let target = Int.random(in: 0...bytes.count, using: &generator)
      bytes.insert(contentsOf: Array(bytes[index..<(index + count)]), at: target)
    case 4: bytes.swapAt(index, Int.random(in: 0..<bytes.count, using: &generator))
    default: bytes.insert(contentsOf: Array((Self.pieces.randomElement(using: &generator) ?? "").utf8), at: index)
    }
  }
}
