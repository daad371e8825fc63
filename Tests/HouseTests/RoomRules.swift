import TestSupport
import Testing

/// Who may know whom: the table of ARCHITECTURE.md.
@Suite struct RoomRules {
  private static let system: Set<String> = [
    "Dispatch", "Foundation", "FoundationEssentials", "Glibc", "SystemPackage", "Synchronization",
  ]

  private static let allowed: [String: Set<String>] = [
    "Sources/Apt/": ["CAptShim"],
    "Sources/ExternalTools/": ["Subprocess"],
    "Sources/ReleaseDescription/": ["Apt", "ExternalTools", "Yams"],
    "Sources/Packaging/": ["Apt", "CArchive", "Mustache", "ReleaseDescription", "Templates"],
    "Sources/Rehearsal/": ["Apt", "ExternalTools", "Mustache", "Packaging", "ReleaseDescription", "Templates"],
    "Sources/ReturnProof/": ["Apt"],
    "Sources/belay/": [
      "Apt", "ArgumentParser", "ExternalTools", "Packaging", "Rehearsal", "ReleaseDescription", "ReturnProof",
    ],
    "templates/": [],
  ]

  @Test func importsFollowTheTable() {
    var strangers: [String] = []
    for (room, imports) in Self.allowed {
      for file in SourceFile.swift(under: [room]) {
        strangers += file.imports.subtracting(imports).subtracting(Self.system).map { "\(file.path): import \($0)" }
      }
    }
    #expect(strangers == [])
  }

  @Test func everyRoomIsInTheTable() {
    let rooms = Set(SourceFile.swift(under: ["Sources/"]).map { $0.path.split(separator: "/")[1] })
    #expect(rooms.filter { Self.allowed["Sources/\($0)/"] == nil } == [])
  }

  @Test func importsAreFound() {
    let text = "import A\n@testable import B\npublic import C\nimport struct D.E\n// import F\nlet a = \"import G\"\n"
    #expect(SourceFile(path: "x", text: text).imports == ["A", "B", "C", "struct"])
  }

  @Test func oneRoomStartsProcesses() {
    let others = SourceFile.swift(under: ["Sources/", "templates/"])
      .filter { !$0.path.hasPrefix("Sources/ExternalTools/") }
    #expect(occurrences(of: #"\b(Process|posix_spawnp?|execv\w*|fork|popen|system)\("#, inCodeOf: others) == [])
    let tests = SourceFile.swift(under: ["Tests/"])
    #expect(occurrences(of: #"\b(Process|posix_spawnp?|popen)\("#, inCodeOf: tests) == [])
  }

  @Test func onePlaceQuotesForTheShell() {
    // A single quote inside single quotes: '\''.
    let quoting = "'" + "\\" + "\\" + "''"
    let files = SourceFile.swift(under: ["Sources/"])
    let places = Set(
      occurrences(ofText: quoting, in: files).compactMap { $0.split(separator: ":").first.map(String.init) })
    #expect(places.filter { !$0.hasPrefix("Sources/Packaging/") } == [])
  }
}
