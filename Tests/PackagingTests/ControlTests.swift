import Foundation
import ReleaseDescription
import Testing

@testable import Packaging

@Suite struct ControlTests {
  @Test func orderAndFolding() throws {
    let control = Fixture.control { control in
      control.description = "sells things\nFirst paragraph,\n  indented.   \n\n\tSecond.\n\n"
      control.homepage = "https://example.com/"
      control.relations = [
        Field("Recommends", ["nginx | httpd"]), Field("Depends", ["libc6 (>= 2.36)", "perl-base"]), Field("Breaks", []),
        Field("Pre-Depends", ["dpkg (>= 1.21.18)"]),
      ]
      control.fields = [Field("X-Team", "web"), Field("Multi-Arch", "foreign"), Field("X-Notes", "one\n\nthree")]
    }
    #expect(
      try ControlFile(control, installedSize: 42).text == """
        Package: shop
        Version: 1:1.4.0-1
        Architecture: amd64
        Maintainer: Release Team <release@example.com>
        Installed-Size: 42
        Pre-Depends: dpkg (>= 1.21.18)
        Depends: libc6 (>= 2.36), perl-base
        Recommends: nginx | httpd
        Section: web
        Priority: optional
        Multi-Arch: foreign
        Homepage: https://example.com/
        Description: sells things
         First paragraph,
           indented.
         .
         	Second.
        X-Team: web
        X-Notes: one
         .
         three

        """)
  }

  typealias Change = @Sendable (inout Control) -> Void

  static let refused: [(String, Change, PackagingError)] = [
    ("a path as name", { $0.name = "../../etc/x" }, .field(name: "Package", fault: .value)),
    ("a script as name", { $0.name = "x\ntouch /escaped" }, .field(name: "Package", fault: .value)),
    ("no version", { $0.version = "" }, .field(name: "Version", fault: .value)),
    ("a path as version", { $0.version = "1/../../x" }, .field(name: "Version", fault: .value)),
    ("a path as architecture", { $0.architecture = "../x" }, .field(name: "Architecture", fault: .value)),
    ("no maintainer", { $0.maintainer = " " }, .field(name: "Maintainer", fault: .empty)),
    ("no description", { $0.description = "\n" }, .field(name: "Description", fault: .empty)),
    (
      "a field in the maintainer", { $0.maintainer = "a\nEssential: yes" },
      .field(name: "Maintainer", fault: .multipleLines)
    ),
    (
      "a field in a relation", { $0.relations = [Field("Depends", ["a\nEssential: yes"])] },
      .field(name: "Depends", fault: .multipleLines)
    ),
    ("a carriage return", { $0.description = "a\rb" }, .field(name: "Description", fault: .controlCharacter)),
    ("NUL", { $0.description = "a\0b" }, .field(name: "Description", fault: .controlCharacter)),
    ("NUL in a field", { $0.fields = [Field("X", "\0")] }, .field(name: "X", fault: .controlCharacter)),
    ("a field twice", { $0.fields = [Field("maintainer", "x")] }, .field(name: "maintainer", fault: .duplicate)),
    ("a colon in a field's name", { $0.fields = [Field("X:y", "x")] }, .field(name: "X:y", fault: .name)),
    ("a newline in a field's name", { $0.fields = [Field("X\ny", "x")] }, .field(name: "X\ny", fault: .name)),
    ("a comment", { $0.fields = [Field("#X", "x")] }, .field(name: "#X", fault: .name)),
  ]

  @Test(arguments: refused.indices)
  func hostileFieldsAreRefused(_ index: Int) throws {
    let (what, change, expected) = Self.refused[index]
    let fixture = try Fixture()
    #expect(throws: expected, "\(what)") {
      try fixture.build(Fixture.release { change(&$0.control) })
    }
    #expect(try fixture.files.isEmpty)
  }

  /// An empty line or a field in a continuation line would end the paragraph or add to it.
  @Test func whatIsFoldedStaysInItsField() async throws {
    let fixture = try Fixture()
    let package = try fixture.build(
      Fixture.release { $0.control.description = "short\n\nEssential: yes\n\u{2028}\nPackage: other" })
    #expect(try await run("dpkg-deb", "-f", package, "Essential") == "no\n")
    #expect(try await run("dpkg-deb", "-f", package, "Package") == "shop\n")
  }

  /// The rule is dpkg's, so dpkg-gencontrol has to come to the same number from the unpacked tree.
  @Test func installedSizeIsDpkgGencontrols() async throws {
    let fixture = try Fixture()
    let contents = [
      Content(kind: .text([]), destination: "/opt/a/empty", mode: 0o644),
      Content(kind: .text([UInt8](repeating: 65, count: 1024)), destination: "/opt/a/full", mode: 0o644),
      Content(kind: .text([UInt8](repeating: 65, count: 70_001)), destination: "/opt/b/large", mode: 0o644),
      Content(kind: .symlink(target: "large"), destination: "/opt/b/link", mode: 0o777),
      Content(kind: .directory, destination: "/opt/c", mode: 0o755),
    ]
    let package = try fixture.build(Fixture.release(contents))
    let tree = fixture.path("tree")
    _ = try await run("dpkg-deb", "-x", package, tree)
    let source = fixture.path("debian")
    try FileManager.default.createDirectory(atPath: source, withIntermediateDirectories: true)
    _ = try fixture.source(
      "debian/control", "Source: shop\nMaintainer: x <x@y>\n\nPackage: shop\nArchitecture: amd64\nDescription: x\n")
    _ = try fixture.source(
      "debian/changelog", "shop (1) unstable; urgency=low\n\n  * x\n\n -- x <x@y>  Mon, 23 Nov 2026 00:00:00 +0000\n")
    let script = "cd '\(fixture.directory)' && dpkg-gencontrol -P'\(tree)' -fdebian/files -O"
    let text = try await run("sh", "-c", script)
    let expected = text.split(separator: "\n").first { $0.hasPrefix("Installed-Size: ") }
    #expect(try await run("dpkg-deb", "-f", package, "Installed-Size") == "\(expected?.dropFirst(16) ?? "none")\n")
  }
}
