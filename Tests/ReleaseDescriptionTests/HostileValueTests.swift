import Foundation
import ReleaseDescription
import TestSupport
import Testing

/// Values that want to run, to escape, or to leave half a release behind.
@Suite struct HostileValueTests {
  private static let check = "checks: [{name: a, tcp: \"a:1\"}]\n"

  @Test(
    arguments: [
      ([0xFF, 0xFE], "the file is not UTF-8"),
      ([0xC3, 0x28], "the file is not UTF-8"),
      ([0xED, 0xA0, 0x80], "the file is not UTF-8"),
      ([0x00], "control character 0x0"),
      ([0x1B], "control character 0x1b"),
      ([0x0D, 0x0A], "CRLF line ends"),
    ] as [([UInt8], String)])
  func bytesThatAreNoTextAreRefusedWhereTheyAre(_ bytes: [UInt8], _ message: String) async {
    let text = Array("name: shop\ndescription: ü".utf8)
    let outcome = await Description.read(text + bytes + Array("\nversion: 1\n".utf8))
    #expect(outcome.release == nil)
    #expect(outcome.findings.map(\.message) == [message])
    #expect(outcome.findings.first.map { [$0.line, $0.column] } == [2, 15])
  }

  @Test func aByteOrderMarkIsRefused() async {
    let outcome = await Description.read([0xEF, 0xBB, 0xBF] + Array(Description.head.utf8))
    #expect(outcome.findings.map(\.message) == ["the file begins with a byte order mark"])
  }

  @Test func anOversizedFileIsRefusedUnread() async {
    let outcome = await Description.read(Array(repeating: UInt8(ascii: "["), count: 2 << 20))
    #expect(outcome.findings.map(\.message) == ["the description has 2097152 bytes, at most 1048576 are read"])
  }

  /// A NUL that YAML itself makes, in every kind of text.
  @Test(arguments: [
    "section", "homepage", "priority", "depends: [x]\nvendor",
  ]) func aNulInAValueIsRefused(_ key: String) async {
    let outcome = await Description.read(Description.head + "\(key): \"a\\0b\"\n")
    #expect(outcome.release == nil)
    #expect(outcome.findings.contains { $0.message.contains("control character") })
  }

  @Test(arguments: [
    "a'b", "a\\\"b", "$(touch /tmp/belay-was-here)", "`touch /tmp/belay-was-here`", "a; touch /tmp/belay-was-here",
    "a\\nPre-Depends: evil", "-rf", "ä", "a b", "../../etc/passwd",
  ]) func aNameOrVersionTakesNone(_ value: String) async {
    let named = await Description.read(Description.head.replacing("name: shop", with: "name: \"\(value)\""))
    #expect(named.release == nil)
    let versioned = await Description.read(Description.head.replacing("1.4.0", with: "\"\(value)\""))
    #expect(versioned.release == nil)
    #expect(!FileManager.default.fileExists(atPath: "/tmp/belay-was-here"))
  }

  /// What is quoted for the shell later arrives as it was written, and was not run by the syntax check.
  @Test func commandsAreParsedNotRun() async throws {
    try await withScratch { directory in
      let marker = directory + "/ran"
      let command = "touch \(marker); $(touch \(marker)); echo \"it's\" `touch \(marker)`"
      let outcome = await Description.read(
        Description.head + "checks:\n  - name: \"it's $(id)\"\n    run: |\n      \(command)\n",
        variables: ["BASH_ENV": "\(marker).sh", "PERL5OPT": "-Mnonsense"])
      let check = try #require(outcome.release?.belay?.checks.first)
      #expect(check.name == "it's $(id)")
      #expect(check.kind == .run(command + "\n", user: nil))
      #expect(!FileManager.default.fileExists(atPath: marker))
    }
  }

  @Test func aRegularExpressionRunsNoCode() async throws {
    try await withScratch { directory in
      let body = "(?{ open my $f, '>', '\(directory)/ran' })"
      let messages = await Description.messages(
        Description.head + "checks: [{name: a, http: \"http://x/\", expect: {body: \"\(body)\"}}]\n")
      #expect(messages.count == 1 && messages[0].contains("is no regular expression"))
      #expect(!FileManager.default.fileExists(atPath: directory + "/ran"))
    }
  }

  @Test(arguments: ["name", "version", "homepage", "maintainer", "section"])
  func aHundredKilobytesEndInOneFinding(_ key: String) async {
    let text = Description.head.split(separator: "\n").filter { !$0.hasPrefix("\(key):") }.joined(separator: "\n")
    let outcome = await Description.read(text + "\n\(key): " + String(repeating: "a", count: 100_000) + "\n")
    #expect(outcome.release == nil)
    #expect(outcome.findings.count == 1)
    #expect(outcome.findings.allSatisfy { $0.description.utf8.count < 1_000 })
  }

  @Test(
    .timeLimit(.minutes(1)),
    arguments: [
      String(repeating: "PASSWORD", count: 7_500), String(repeating: "a://", count: 15_000),
      String(repeating: "a:", count: 30_000), String(repeating: "=", count: 60_000),
      String(repeating: "$(", count: 10_000), String(repeating: "|| true ", count: 7_500),
    ]) func longCommandsTakeNoLongTime(_ command: String) async
  {
    let start = ContinuousClock.now
    _ = await Description.read(
      Description.head + Self.check + "snapshot:\n  dumps:\n    - {name: a, save: x, verify: \"\(command)\"}\n")
    #expect(ContinuousClock.now - start < .seconds(15))
  }

  @Test(arguments: [
    String(repeating: "[", count: 100_000), String(repeating: "{a: ", count: 50_000),
    String(repeating: "- ", count: 100_000), String(repeating: "? ", count: 100_000),
    (0..<3_000).map { String(repeating: " ", count: $0 % 300) + "a:\n" }.joined(),
    (0..<700).map { String(repeating: " ", count: $0) + "a:\n" }.joined(),
  ]) func deepNestingEndsInFindings(_ text: String) async {
    let outcome = await Description.read(text)
    #expect(outcome.release == nil)
    #expect(!outcome.findings.isEmpty)
  }

  @Test(.timeLimit(.minutes(1))) func aliasesThatMultiplyEndInFindings() async {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    for level in 1...12 {
      let aliases = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(aliases)]\n"
    }
    #expect(await Description.read(text).release == nil)
    // As a key, where a hash of all of it would be taken.
    #expect(await Description.read(text + "? *a12\n: x\n").release == nil)
  }
}
