import Foundation
import ReturnProof
import TestSupport
import Testing

/// What a package that belay built says of its own way back is part of the answer.
@Suite struct DescribedFallbackTests {
  /// A host where the library lives with both versions, so that only a declared set takes it back.
  private func proof(_ belay: String, spoil: (ConstructedRoot) throws -> Void = { _ in }) async throws -> ReturnProof {
    try await withScratch { directory in
      let root = try ConstructedRoot("Tests/ReturnProofTests/Roots/library-stays", in: directory)
      try spoil(root)
      let deb = try await TestRelease(
        "2.0", belay: TestRelease.plainBelay + "\n" + belay, packaging: "depends: [\"libfoo1 (>= 2)\"]"
      ).build(in: directory)
      return try await CanReturnCommand.proof(deb, root: root.directory, home: directory)
    }
  }

  @Test func aDeclaredMemberGoesBack() async throws {
    let proof = try await proof("set: {name: shops, members: [libfoo1, absent]}")
    #expect(
      proof.lines == [
        "yes", "upgrade shop 1.0 2.0", "upgrade libfoo1 1.0 2.0", "return shop 1.0", "return libfoo1 1.0",
      ])
    #expect(try await self.proof("").debs.map(\.package) == ["shop"])
  }

  @Test(arguments: [
    ("[0.9, \">= 1.1\"]", false), ("[0.9, 1.0]", true), ("[\">= 1.0\"]", true), ("[\"<< 1.0\"]", false),
  ])
  func versionsToReturnTo(_ to: String, _ isAllowed: Bool) async throws {
    let proof = try await proof("fallback: {to: \(to)}")
    #expect(proof.canReturn == isAllowed)
    guard !isAllowed else { return }
    #expect(proof.changes == [])
    #expect(proof.reasons.count == 1 && proof.reasons[0].hasSuffix("and 1.0 is installed"), "\(proof.reasons)")
    #expect(proof.remedies == ["update to one of those versions first, or add 1.0 to fallback.to"])
  }

  /// All four sources have it; the order is the description's, and what it leaves out is not looked at.
  @Test(arguments: [
    ("", ["kept", "cache", "archive", "rebuild"]), ("fallback: {sources: [archive, kept]}", ["archive", "kept"]),
    ("fallback: {sources: [rebuild]}", ["rebuild"]),
  ])
  func sources(_ belay: String, _ expected: [String]) async throws {
    let proof = try await proof(belay) { root in
      for file in [
        "var/lib/belay/shop/kept/shop_1.0_amd64.deb", "var/cache/apt/archives/shop_1.0_amd64.deb",
        "var/lib/dpkg/info/shop.list",
      ] { try root.write(file, "content") }
    }
    #expect(proof.canReturn)
    #expect(proof.debs.map { $0.sources.map(\.rawValue) } == [expected])
  }

  @Test func noSourceThatMayBeUsed() async throws {
    let proof = try await proof("fallback: {sources: [kept, cache]}")
    #expect(!proof.canReturn)
    #expect(proof.reasons == ["no .deb of shop 1.0 can be had"])
  }
}
