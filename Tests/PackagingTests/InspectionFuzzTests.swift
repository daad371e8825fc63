import Foundation
import ReleaseDescription
import Testing

@testable import Packaging

/// Packages that were cut, flipped and spliced: an error or a plan, never a crash, and always an end.
@Suite struct InspectionFuzzTests {
  /// Same numbers in every run, so that a failure can be looked at again.
  private struct Generator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9e37_79b9_7f4a_7c15
      var value = state
      value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
      value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
      return value ^ (value >> 31)
    }
  }

  @Test(arguments: Compression.Algorithm.allCases)
  func mutatedPackagesAreReadOrRefused(_ algorithm: Compression.Algorithm) throws {
    let fixture = try Fixture()
    var release = PlanSamples.full
    release.compression = Compression(algorithm, level: algorithm == .none ? 0 : 1)
    let original = [UInt8](try Data(contentsOf: URL(filePath: try fixture.build(release))))
    var random = Generator(state: 4711)
    var refused = 0
    for _ in 0..<150 {
      let bytes = Self.mutated(original, &random)
      try Data(bytes).write(to: URL(filePath: fixture.path("mutated.deb")))
      do {
        _ = try Inspection(fixture.path("mutated.deb"))
      } catch {
        #expect("\(error)".unicodeScalars.allSatisfy { !Visible.isHidden($0) })
        refused += 1
      }
    }
    #expect(refused > 50, "hardly any mutation was noticed")
    #expect(try fixture.files.sorted() == ["mutated.deb", "out.deb"], "something was written")
  }

  @Test func everyCutIsRefused() throws {
    let fixture = try Fixture()
    let original = try Data(contentsOf: URL(filePath: try fixture.build(PlanSamples.least)))
    for length in stride(from: 0, to: original.count, by: max(1, original.count / 100)) {
      try original.prefix(length).write(to: URL(filePath: fixture.path("cut.deb")))
      #expect(throws: InspectionError.self, "cut at \(length)") { try Inspection(fixture.path("cut.deb")) }
    }
  }

  @Test func mutatedHeadersAreReadOrRefused() throws {
    let release = PlanSamples.full
    let original = Array(("#!/bin/sh\n" + (try HostHeader.render(release, try #require(release.belay)))).utf8)
    var random = Generator(state: 815)
    for _ in 0..<2_000 {
      _ = try? HostHeaderReader(String(decoding: Self.mutated(original, &random), as: UTF8.self))
    }
  }

  private static func mutated(_ original: [UInt8], _ random: inout Generator) -> [UInt8] {
    var bytes = original
    for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
      let place = Int.random(in: 0..<bytes.count, using: &random)
      switch Int.random(in: 0..<5, using: &random) {
      case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 1: bytes[place] = UInt8.random(in: 0...255, using: &random)
      case 2: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...600, using: &random)))
      case 3: bytes.insert(contentsOf: bytes.prefix(Int.random(in: 1...600, using: &random)), at: place)
      default: bytes.removeSubrange(place...)
      }
    }
    return bytes
  }
}
