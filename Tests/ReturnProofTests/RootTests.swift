import ExternalTools
import Foundation
import ReturnProof
import TestSupport
import Testing

/// Roots as files: each of Roots/ says what a host has, what it is offered, and what the answer must be.
@Suite struct RootTests {
  static let names: [String] = Checkout.files().filter { $0.hasPrefix("Tests/ReturnProofTests/Roots/") }

  @Test(arguments: names)
  func answer(_ path: String) async throws {
    try await withScratch { directory in
      let root = try ConstructedRoot(path, in: directory)
      let deb = try await root.buildPackage()
      let result = try await root.ask(deb, "--root", root.directory)
      let proof = try #require(try JSONDecoder().decode([ReturnProof].self, from: Data(result.output)).first)
      #expect(result.exitCode == (proof.canReturn ? 0 : 1))
      #expect(proof.lines == root.expected, "\(path): \(result.errorText)")
    }
  }

  /// Disagreement in either direction fails, in the upgrade and in the return.
  @Test(arguments: names)
  func aptGetAgrees(_ path: String) async throws {
    try await withScratch { directory in
      let root = try ConstructedRoot(path, in: directory)
      let deb = try await root.buildPackage()
      let proof = try await CanReturnCommand.proof(deb, root: root.directory, home: root.scratch)
      // A simulation takes no lock, and so does not see it.
      guard !root.file.isInterrupted else { return }
      let upgrade = try await root.aptUpgrades(to: deb)
      #expect(upgrade.isDone == !proof.refusesUpgrade)
      #expect(upgrade.changes == Set(proof.changes.map { "\($0.package) \($0.from ?? "-") \($0.to ?? "-")" }))
      guard upgrade.isDone else { return }
      let back = try await root.aptReturns(proof)
      let after = Dictionary(uniqueKeysWithValues: proof.changes.map { ($0.package, $0.to ?? "-") })
      let expected = Set(
        proof.debs.map { "\($0.key) \(after[$0.key] ?? "?") \($0.version)" }
          + proof.removed.map { "\($0) \(after[$0] ?? "?") -" })
      #expect((back.isDone && back.changes == expected) == !proof.refusesReturn, "apt: \(back), the set: \(expected)")
    }
  }

  @Test func severalPackagesFromAnOlderVersion() async throws {
    try await withScratch { directory in
      let root = try ConstructedRoot("Tests/ReturnProofTests/Roots/older-in-archive", in: directory)
      let deb = try await root.buildPackage()
      let result = try await root.ask(deb, deb, "--root", root.directory, "--from", "0.5", json: false)
      #expect(result.exitCode == 0, "\(result.errorText)")
      let lines = result.outputText.split(separator: "\n")
      #expect(
        lines.prefix(3) == ["package  from  to   can return", "shop     0.5   2.0  yes", "shop     0.5   2.0  yes"])
      #expect(lines.contains("  return   shop 0.5 amd64: archive, 1000 bytes"))
      let unknown = try await root.ask(deb, "--root", root.directory, "--from", "0.4")
      #expect(unknown.exitCode == 1)
      #expect(unknown.errorText.contains("'shop' 0.4 is in no list of this root"))
    }
  }

  /// The host program finds the same set, in perl, from the same run.
  @Test(arguments: names)
  func theHostsSetIsTheSame(_ path: String) async throws {
    try await withScratch { directory in
      let root = try ConstructedRoot(path, in: directory)
      let deb = try await root.buildPackage()
      let proof = try await CanReturnCommand.proof(deb, root: root.directory, home: root.scratch)
      guard !proof.changes.isEmpty else { return }
      let ours = Set(
        proof.debs.filter { $0.key != proof.package }.map { "back \($0.key) \($0.version)" }
          + proof.removed.filter { $0 != proof.package }.map { "remove \($0)" })
      #expect(try await root.hostsSet(proof) == ours)
    }
  }

  /// No archive has it: what the host keeps and has fetched is found by its name.
  @Test func debsOnTheHost() async throws {
    try await withScratch { directory in
      let root = try ConstructedRoot("Tests/ReturnProofTests/Roots/lost", in: directory)
      let deb = try await root.buildPackage()
      for file in ["var/lib/belay/shop/kept/shop_1.0_amd64.deb", "var/cache/apt/archives/shop_1.0_amd64.deb"] {
        try root.write(file, "content")
      }
      let result = try await root.ask(deb, "--root", root.directory, json: false)
      #expect(result.exitCode == 0)
      #expect(result.outputText.contains("  return   shop 1.0 amd64: kept, cache, 7 bytes\n"), "\(result.outputText)")
    }
  }

  /// 9.9 is no series of any libapt-pkg.
  @Test func anotherSeriesIsInexact() async throws {
    try await withScratch { directory in
      let root = try ConstructedRoot("Tests/ReturnProofTests/Roots/alone", in: directory, apt: "9.9.1")
      let result = try await root.ask(try await root.buildPackage(), "--root", root.directory, json: false)
      #expect(result.exitCode == 0)
      #expect(result.outputText.hasPrefix("shop 1.0 -> 2.0: yes (inexact)\n"), "\(result.outputText)")
    }
  }

  @Test func nothingBelowTheRootIsWritten() async throws {
    try await withScratch { directory in
      let root = try ConstructedRoot("Tests/ReturnProofTests/Roots/alone", in: directory)
      let deb = try await root.buildPackage()
      let list = Tool("find", [root.directory, "-printf", "%p %T@ %C@ %s\n"])
      let before = try await list.run().outputText
      _ = try await root.ask(deb, "--root", root.directory)
      #expect(try await list.run().outputText == before)
    }
  }
}
