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
      var answer = [proof.canReturn ? "yes" : "no"]
      answer += proof.changes.map { "upgrade \($0.package) \($0.from ?? "-") \($0.to ?? "-")" }
      answer += proof.debs.map { "return \($0.package) \($0.version)" } + proof.removed.map { "remove \($0)" }
      answer += proof.reasons.map { "because \($0)" } + proof.remedies.map { "do \($0)" }
      #expect(answer == root.expected, "\(path): \(result.errorText)")
    }
  }

  /// Disagreement in either direction fails, in the upgrade and in the return.
  @Test(arguments: names)
  func aptGetAgrees(_ path: String) async throws {
    try await withScratch { directory in
      let root = try ConstructedRoot(path, in: directory)
      let deb = try await root.buildPackage()
      let result = try await root.ask(deb, "--root", root.directory)
      let proof = try #require(try JSONDecoder().decode([ReturnProof].self, from: Data(result.output)).first)
      let upgrade = try await root.aptUpgrades(to: deb)
      #expect(upgrade.isDone == !proof.reasons.contains { $0.hasPrefix("apt would refuse the upgrade") })
      #expect(upgrade.changes == Set(proof.changes.map { "\($0.package) \($0.from ?? "-") \($0.to ?? "-")" }))
      guard upgrade.isDone else { return }
      let isRefused = proof.reasons.contains {
        $0.hasPrefix("apt would refuse the return") || $0.hasPrefix("the return would remove")
      }
      let back = try await root.aptReturns(proof)
      let after = Dictionary(uniqueKeysWithValues: proof.changes.map { ($0.package, $0.to ?? "-") })
      let expected = Set(
        proof.debs.map { "\($0.package) \(after[$0.package] ?? "?") \($0.version)" }
          + proof.removed.map { "\($0) \(after[$0] ?? "?") -" })
      #expect((back.isDone && back.changes == expected) == !isRefused, "apt: \(back), the set: \(expected)")
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
      let result = try await root.ask(try await root.buildPackage(), "--root", root.directory)
      let proof = try #require(try JSONDecoder().decode([ReturnProof].self, from: Data(result.output)).first)
      guard !proof.changes.isEmpty else { return }
      let ours = Set(
        proof.debs.filter { $0.package != proof.package }.map { "back \($0.package) \($0.version)" }
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

  /// A configuration of the root that would start programs and read what is not in it.
  @Test func configurationStaysInside() async throws {
    try await withScratch { directory in
      let root = try ConstructedRoot("Tests/ReturnProofTests/Roots/alone", in: directory)
      let stranger = directory + "/stranger"
      try Data("Dir::State::status \"/nowhere\"; APT::Solver \"dump\"; #include \"\(stranger)\";\n".utf8).write(
        to: URL(fileURLWithPath: root.directory + "/etc/apt/apt.conf"))
      try FileManager.default.createDirectory(
        atPath: root.directory + "/etc/apt/apt.conf.d", withIntermediateDirectories: true)
      try Data("Dir::State::status \"/nowhere\"; RootDir \"/nowhere\"; APT::Solver \"dump\";\n".utf8).write(
        to: URL(fileURLWithPath: root.directory + "/etc/apt/apt.conf.d/10hostile"))
      let result = try await root.ask(try await root.buildPackage(), "--root", root.directory, json: false)
      #expect(result.exitCode == 0, "\(result.errorText)")
      #expect(result.outputText.contains("note     'etc/apt/apt.conf' includes other files: it was left out"))
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
      let cache = directory + "/cache/belay/can-return"
      #expect(try FileManager.default.contentsOfDirectory(atPath: cache) == [])
    }
  }

  /// What is wrong with var/lib/dpkg/status, and the word that the message must have.
  @Test(arguments: [
    ("", "is empty"), ("Package: shop\nStatus: install ok installed", "is cut short"),
    ("Package: shop\nStatus: install\n\n", "is damaged"), ("\0\0\0\n", "NUL bytes"), ("garbage\n", "is damaged"),
    ("Package: shop\nStatus: install ok installed\nVersion: 1\nArchitecture: all\n\n", "no installed dpkg"),
  ])
  func hostileStatus(_ text: String, _ word: String) async throws {
    try await refused(word) { try Data(text.utf8).write(to: URL(fileURLWithPath: $0 + "/var/lib/dpkg/status")) }
  }

  @Test func statusThatLeadsInCircles() async throws {
    try await refused("symbolic links") { root in
      try FileManager.default.removeItem(atPath: root + "/var/lib/dpkg/status")
      try FileManager.default.createSymbolicLink(atPath: root + "/var/lib/dpkg/status", withDestinationPath: "status")
    }
  }

  /// The machine of the tests has that file, the root does not: a link to it leads nowhere.
  @Test func statusThatLeadsOutside() async throws {
    try await refused("has no var/lib/dpkg/status") { root in
      try FileManager.default.moveItem(atPath: root + "/var/lib/dpkg/status", toPath: root + "/../outside")
      let outside = URL(fileURLWithPath: root + "/../outside").standardized.path
      try FileManager.default.createSymbolicLink(atPath: root + "/var/lib/dpkg/status", withDestinationPath: outside)
    }
  }

  @Test func noRoot() async throws {
    try await refused("cannot open") { try FileManager.default.removeItem(atPath: $0) }
  }

  private func refused(_ word: String, spoil: (String) throws -> Void) async throws {
    try await withScratch { directory in
      let root = try ConstructedRoot("Tests/ReturnProofTests/Roots/alone", in: directory)
      let deb = try await root.buildPackage()
      try spoil(root.directory)
      let result = try await root.ask(deb, "--root", root.directory)
      #expect(result.exitCode == 1)
      #expect(result.errorText.contains(word), "\(result.errorText)")
    }
  }
}
