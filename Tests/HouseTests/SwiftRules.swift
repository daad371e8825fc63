import ExternalTools
import TestSupport
import Testing

/// How Swift is written in this house.
@Suite struct SwiftRules {
  private static let directories = ["Sources/", "Tests/", "templates/"]

  @Test func formatIsTheHouses() async throws {
    let result = try await Tool(
      "swift", ["format", "lint", "--strict", "--recursive", "Package.swift"] + Self.directories,
      directory: Checkout.directory, timeout: .seconds(300)
    ).run(accepting: nil)
    #expect(result.exitCode == 0, "\(result.errorText)")
  }

  /// A crash is no error message.
  private static let crashes = #"\b(try|as)!|[\w)\]>]!([\s.,:)\]}?\[(]|$)"#

  @Test func nothingCrashesOnPurpose() {
    #expect(occurrences(of: Self.crashes, inCodeOf: SourceFile.swift(under: Self.directories)) == [])
  }

  @Test(arguments: [
    "let a = try! b()", "let a = b as! C", "a!.b", "f(a!)", "let a = b!", "x[0]!.y", "let a: Int! = nil", "f(a!, b)",
  ])
  func crashesAreFound(_ line: String) {
    #expect(occurrences(of: Self.crashes, inCodeOf: [SourceFile(path: "x", text: line)]).count == 1)
  }

  @Test(arguments: ["if a != b {", "if !a {", "let a = \"b! c\"", "// stop! now", "guard !f(a), b else {", "a && !b"])
  func otherMarksAreLeftAlone(_ line: String) {
    #expect(occurrences(of: Self.crashes, inCodeOf: [SourceFile(path: "x", text: line)]) == [])
  }

  /// Longer than this and a file is two.
  private static let limit = 300
  /// The exceptions, each with its reason.
  private static let longFiles: [String: String] = [:]

  @Test func filesAreShort() {
    let long = SourceFile.swift(under: Self.directories).filter { $0.lines.count > Self.limit }
    #expect(long.map(\.path).filter { Self.longFiles[$0] == nil } == [])
  }

  @Test func exceptionsAreNeeded() {
    let long = Set(SourceFile.swift(under: Self.directories).filter { $0.lines.count > Self.limit }.map(\.path))
    #expect(Self.longFiles.keys.filter { !long.contains($0) } == [])
  }

  @Test func nothingIsSwitchedOff() {
    let files = SourceFile.swift(under: Self.directories)
    #expect(occurrences(ofText: "swift-format-" + "ignore", in: files) == [])
    #expect(occurrences(of: #"\bTODO\b|\bFIXME\b|fatalError\("#, inCodeOf: files) == [])
  }
}
