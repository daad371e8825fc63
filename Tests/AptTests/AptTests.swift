@testable import Apt
import Testing

@Suite struct VersionTests {
  @Test(arguments: [
    ("1.0~rc1", "1.0"), ("1.0", "1.0-1"), ("1.9", "1.10"), ("9", "1:1"), ("1.0", "1.0+b1"), ("1.0~~", "1.0~"),
    ("1.0-1", "1.0-1+deb12u1"),
  ])
  func order(_ earlier: String, _ later: String) throws {
    #expect(try DebianVersion(earlier) < DebianVersion(later))
    #expect(DebianVersion.compare(later, earlier) > 0)
  }

  @Test func equalAsVersions() throws {
    #expect(try DebianVersion("1.0") == DebianVersion("0:1.0-0"))
    #expect(DebianVersion.compare("", "") == 0)
    #expect(DebianVersion.compare("", "1") < 0)
  }

  @Test(arguments: [
    ("", VersionError.Reason.empty), ("v1.0", .startsWithoutDigit), ("1.0-", .emptyRevision), ("x:1.0", .epoch),
    (":1.0", .epoch), ("2147483648:1", .epoch), ("1:", .noUpstreamVersion), ("1 0", .character(" ")),
    ("1.0_1", .character("_")), ("1.0ü", .character("ü")), ("1.0\n", .character("\n")), ("1.0\0", .character("\0")),
  ])
  func refused(_ text: String, _ reason: VersionError.Reason) {
    #expect(throws: VersionError(text: text, reason: reason)) { try DebianVersion(text) }
  }
}

@Suite struct RelationTests {
  @Test func entriesAndAlternatives() throws {
    let parsed = try Relation.parse("libc6 (>= 2.36), nginx | httpd:any (<<1:2~), perl-base")
    #expect(parsed.map { $0.map(\.package) } == [["libc6"], ["nginx", "httpd"], ["perl-base"]])
    #expect(parsed[0][0].constraint?.comparison == .laterOrEqual)
    #expect(parsed[0][0].constraint?.version.description == "2.36")
    #expect(parsed[1][1].architecture == "any")
    #expect(parsed[1][1].constraint?.comparison == .earlier)
    #expect(parsed[2][0].constraint == nil)
  }

  @Test(arguments: [
    ("", 0, RelationError.Reason.empty), ("a1, , b1", 1, .empty), ("libc6 >= 2.3", 0, .syntax),
    ("ok1, libc6 (>= 2.3", 1, .syntax),
    ("Foo_Bar", 0, .packageName("Foo_Bar")), ("a1 (2.0)", 0, .noComparison), ("a1 (> 2.0)", 0, .comparison(">")),
    ("a1 (== 2.0)", 0, .comparison("==")), ("a1 [amd64]", 0, .syntax), ("a1 <!nocheck>", 0, .syntax),
    ("a1:potato", 0, .architecture("potato")), ("a1 |", 0, .syntax), ("a1\0b", 0, .syntax),
    ("a1 (>= v2)", 0, .version(VersionError(text: "v2", reason: .startsWithoutDigit))),
  ])
  func refused(_ line: String, _ entry: Int, _ reason: RelationError.Reason) {
    let error = #expect(throws: RelationError.self) { try Relation.parse(line) }
    #expect(error?.entry == entry)
    #expect(error?.reason == reason)
  }

  @Test func formOfTheField() {
    #expect(throws: RelationError.self) { try Relation.parse("a1 | b1", form: .init(field: "Conflicts")) }
    #expect(throws: RelationError.self) { try Relation.parse("a1 (>= 2)", form: .init(field: "Provides")) }
    #expect(throws: Never.self) { try Relation.parse("a1 (= 2)", form: .init(field: "Provides")) }
    #expect(throws: Never.self) { try Relation.parse("a1 | b1", form: .init(field: "Pre-Depends")) }
  }
}

@Suite struct NameTests {
  @Test(arguments: ["belay", "libstdc++6", "0ad", "a.b-c+d"])
  func valid(_ name: String) { #expect(PackageName.isValid(name)) }

  @Test(arguments: ["", "a", "Foo", "foo_bar", "-foo", "foo bar", "föö", "foo\n"])
  func invalid(_ name: String) { #expect(!PackageName.isValid(name)) }
}

@Suite struct DigestTests {
  @Test func knownAnswers() throws {
    #expect(try Digester.digest(.md5, of: []) == "d41d8cd98f00b204e9800998ecf8427e")
    #expect(try Digester.digest(.md5, of: Array("abc".utf8)) == "900150983cd24fb0d6963f7d28e17f72")
    #expect(
      try Digester.digest(.sha256, of: []) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(
      try Digester.digest(.sha256, of: Array("abc".utf8))
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }
}
