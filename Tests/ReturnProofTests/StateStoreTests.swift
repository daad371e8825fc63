import Foundation
import ReturnProof
import TestSupport
import Testing

/// The copies that are kept between questions: quicker, and never believed when anything is not as it was.
@Suite struct StateStoreTests {
  private static let root = "Tests/ReturnProofTests/Roots/companion"

  /// The directories of the kept copies.
  private static func copies(_ home: String) throws -> [String] {
    let place = home + "/cache/belay/can-return"
    return try FileManager.default.contentsOfDirectory(atPath: place).sorted().map { place + "/" + $0 }
  }

  private static func binaryCache(in copy: String) throws -> String {
    let names = try FileManager.default.contentsOfDirectory(atPath: copy).filter { $0.hasSuffix(".bin") }
    #expect(names.count == 1, "\(names)")
    return copy + "/" + (names.first ?? "")
  }

  private static func stamp(_ file: String) throws -> String {
    let attributes = try FileManager.default.attributesOfItem(atPath: file)
    return "\(attributes[.systemFileNumber] ?? "") \(attributes[.modificationDate] ?? "")"
  }

  private func with(_ body: (ConstructedRoot, () async throws -> ReturnProof) async throws -> Void) async throws {
    try await withScratch { home in
      let root = try ConstructedRoot(Self.root, in: home)
      let deb = try await root.buildPackage()
      try await body(root) { try await CanReturnCommand.proof(deb, root: root.directory, home: home) }
    }
  }

  @Test func anUnchangedRootIsReadFromItsCache() async throws {
    try await with { root, ask in
      let first = try await ask()
      let copies = try Self.copies(root.scratch)
      #expect(copies.count == 1)
      let cache = try Self.binaryCache(in: copies[0])
      let before = try Self.stamp(cache)
      let second = try await ask()
      #expect(second.lines == first.lines && first.lines == root.expected)
      #expect(try Self.stamp(cache) == before)
      #expect(try Self.copies(root.scratch) == copies)
    }
  }

  /// One byte, the same size, the time put back: the file, what is replaced, and a line of the answer then.
  @Test(arguments: [
    (
      "var/lib/dpkg/status", "Package: libfoo1\nStatus: install ok installed\nVersion: ",
      "Package: libfoo1\nStatus: hold ok installed\nVersion:    ", "no"
    ),
    (
      "var/lib/apt/lists/_archive_._Packages", "Package: libfoo1\nVersion: 2.0", "Package: libfoo1\nVersion: 2.5",
      "upgrade libfoo1 1.0 2.5"
    ),
    ("etc/apt/preferences", "Pin-Priority: 500", "Pin-Priority: -10", "no"),
    ("etc/apt/sources.list", "deb [trusted=yes]", "#eb [trusted=yes]", "no"),
  ])
  func aChangeIsSeen(_ file: String, _ old: String, _ new: String, _ line: String) async throws {
    try await with { root, ask in
      try root.write("etc/apt/preferences", "Package: libfoo1\nPin: version 2.0\nPin-Priority: 500\n")
      #expect(try await ask().lines == root.expected)
      let path = root.directory + "/" + file
      let time = try FileManager.default.attributesOfItem(atPath: path)[.modificationDate]
      let text = try String(contentsOfFile: path, encoding: .utf8)
      let changed = text.replacingOccurrences(of: old, with: new)
      #expect(changed != text && changed.utf8.count == text.utf8.count)
      try Data(changed.utf8).write(to: URL(fileURLWithPath: path))
      try FileManager.default.setAttributes([.modificationDate: time ?? Date()], ofItemAtPath: path)
      let lines = try await ask().lines
      #expect(lines.contains(line), "\(lines)")
    }
  }

  enum Damage: CaseIterable { case cutShort, otherBytes, emptied, otherStatus, otherList, writable }

  @Test(arguments: Damage.allCases)
  func whatIsDamagedIsMadeAnew(_ damage: Damage) async throws {
    try await with { root, ask in
      let first = try await ask()
      let copy = try #require(try Self.copies(root.scratch).first)
      let cache = try Self.binaryCache(in: copy)
      switch damage {
      case .cutShort: try #require(truncate(cache, 1000) == 0)
      case .emptied: try #require(truncate(cache, 0) == 0)
      case .otherBytes:
        var bytes = try Data(contentsOf: URL(fileURLWithPath: cache))
        for index in stride(from: 600, to: bytes.count, by: 100) { bytes[index] ^= 0xff }
        try bytes.write(to: URL(fileURLWithPath: cache))
      case .otherStatus: try Scratch.write("Package: x\n\n", to: copy + "/var/lib/dpkg/status")
      case .otherList: try Scratch.write("\n", to: copy + "/var/lib/apt/lists/_archive_._Packages")
      case .writable: try #require(chmod(copy, 0o777) == 0)
      }
      #expect(try await ask().lines == first.lines)
      let copies = try Self.copies(root.scratch)
      #expect(copies.count == 1)
      #expect(try await ask().lines == first.lines)
    }
  }

  @Test func callsAtTheSameTime() async throws {
    try await with { root, ask in
      try await withThrowingTaskGroup(of: ReturnProof.self) { group in
        let deb = root.scratch + "/offered.deb"
        for _ in 0..<6 {
          group.addTask { try await CanReturnCommand.proof(deb, root: root.directory, home: root.scratch) }
        }
        for try await proof in group { #expect(proof.lines == root.expected) }
      }
      let copies = try Self.copies(root.scratch)
      #expect(copies.count == 1, "\(copies)")
      #expect(try await ask().lines == root.expected)
    }
  }

  @Test func onlyTheLastOnesAreKept() async throws {
    try await with { root, ask in
      for number in 0..<7 {
        try root.write("etc/apt/preferences", "Explanation: \(number)\nPackage: x\nPin: version 1\nPin-Priority: 1\n")
        _ = try await ask()
      }
      #expect(try Self.copies(root.scratch).count == 4)
    }
  }

  /// A read-only home, a full disk: the answer needs a place for its copy.
  @Test func aPlaceThatCannotBeWritten() async throws {
    try await withScratch { home in
      let root = try ConstructedRoot(Self.root, in: home)
      try Scratch.write("", to: home + "/cache")
      let result = try await root.ask(try await root.buildPackage(), "--root", root.directory)
      #expect(result.exitCode == 74)
      #expect(result.errorText.contains("cannot make '\(home)/cache/belay/can-return"), "\(result.errorText)")
    }
  }
}
