import class Foundation.ProcessInfo
import ReturnProof
import TestSupport
import Testing

/// The answer about a host, and then what its real apt-get and dpkg do: disagreement in either direction fails.
@Suite(.needsHost, .hostsHaveOurApt) struct RealHostTests {

  @Test(arguments: RootTests.names)
  func aptDoesWhatWasSaid(_ path: String) async throws {
    try await withScratch { scratch in
      try await TestSupport.Host.bare { host in
        let root = try await ConstructedHost(path, on: host, scratch: scratch)
        let proof = try await root.proof(scratch: scratch)
        // A host can rebuild what nobody has any more; a directory with a status alone cannot.
        let isLost = root.file.expected.contains { $0.hasSuffix("can be had") }
        let changes = { (lines: [String]) in
          lines.filter { line in !isLost || ["upgrade", "return", "remove"].contains { line.hasPrefix($0) } }
        }
        #expect(changes(proof.lines) == changes(root.file.expected))
        #expect(proof.isExact)
        for deb in proof.debs {
          #expect(try await root.canFetch(deb) == deb.sources.contains(.archive), "\(deb)")
        }
        let before = try await root.states()
        let upgrade = try await root.upgrade()
        #expect((upgrade.status == 0) == !proof.refusesUpgrade, "\(upgrade.stdout)\(upgrade.stderr)")
        var expected = before
        // What waits to be configured apt ends by the way.
        if upgrade.status == 0 { expected = expected.mapValues { $0.replacing(" unpacked", with: " installed") } }
        for change in proof.changes { expected[change.package] = change.to.map { "\($0) installed" } }
        let after = try await root.states()
        #expect(Self.difference(after, expected) == [], "\(upgrade.stdout)")
        guard upgrade.status == 0 else { return }
        try await expectTheSet(of: root, proof)

        let back = try await root.goBack(from: proof.from)
        for deb in proof.debs { expected[deb.key] = "\(deb.version) installed" }
        for name in proof.removed { expected[name] = nil }
        let difference = Self.difference(try await root.states(), expected)
        #expect(
          (back.status == 0 && difference.isEmpty) == !proof.refusesReturn,
          "\(difference)\n\(back.stdout)\(back.stderr)")
      }
    }
  }

  /// The hook of the run, with the host program's own piece, found the same set.
  private func expectTheSet(of root: ConstructedHost, _ proof: ReturnProof) async throws {
    let found = try await root.host.read("/root/tx/set.found").split(separator: "\n").map(String.init)
    let said =
      proof.debs.filter { $0.key != RootFile.key(root.file.offered) }.map {
        "back \($0.package) \($0.architecture) \($0.version)"
      }
      + proof.removed.filter { $0 != RootFile.key(root.file.offered) }.map { "remove \($0)" }
    #expect(found.sorted() == said.sorted())
  }

  private static func difference(_ found: ConstructedHost.States, _ expected: ConstructedHost.States) -> [String] {
    Set(found.keys).union(expected.keys).filter { found[$0] != expected[$0] }
      .map { "\($0): \(found[$0] ?? "-"), not \(expected[$0] ?? "-")" }.sorted()
  }
}

extension Trait where Self == ConditionTrait {
  /// For answers that are exact: those about hosts of another Debian release are not.
  fileprivate static var hostsHaveOurApt: Self {
    .enabled(if: (ProcessInfo.processInfo.environment["BELAY_SUITE"] ?? "").isEmpty, "hosts of another Debian release")
  }
}
