import ExternalTools
import Foundation
import ReleaseDescription
import Testing

@testable import Packaging

@Suite struct HostHeaderTests {
  static let shells = [["dash"], ["bash"], ["bash", "--posix"], ["busybox", "sh"]]

  static let hostile = [
    "'", "''", "'\\''", "a'b'c", "\\", "\\'", "$(touch escaped)", "`touch escaped`", "\"$HOME\"", "${x:-y}",
    ";touch escaped;",
    "\n", "\n\nlast\n\n", "}\ntouch escaped\nx() {", "-n", "%s\\c", "*", "~root", "!!",
    "\u{1}\u{8}\t\r\u{1b}[31m\u{7f}", "#", "\u{feff}",
    "'\u{301}$(touch escaped)'", "ü\u{1f600}", "a\\\nb", "\\0", "EOF\n'",
    String(repeating: "x'\n$(touch escaped)", count: 6_000),
  ]

  /// Every text of the release is hostile; every one must come out of the shell as it went in.
  @Test(arguments: shells)
  func hostileValuesComeOutAsTheyWentIn(_ shell: [String]) async throws {
    let fixture = try Fixture()
    for value in Self.hostile {
      var belay = Belay()
      belay.envFile = value
      belay.contacts = [value, "second"]
      belay.steps = [Step(name: value, run: value, undo: .command(value))]
      belay.checks = [Check(name: value, kind: .http(url: value, status: [200, 204], body: value))]
      belay.fallback.before = [value]
      belay.snapshot.dumps = [
        Dump(name: value, save: value, verify: value, restore: value, user: value, restoreWhen: .always)
      ]
      let script = UserScripts.Script(text: value, interpreter: "bash")
      let release = Fixture.release(scripts: UserScripts(postrm: script), belay: belay)
      var text = "set -eu\n" + (try HostHeader.render(release, belay))
      let names = ["belay_env_file", "belay_contacts", "belay_user_postrm"]
      let calls = [
        ("step_1", ["name", "run", "undo"]), ("check_1", ["name", "url", "body", "status"]),
        ("fallback_before_1", ["run"]),
        ("dump_1", ["name", "save", "verify", "restore", "user"]),
      ]
      for name in names { text += "printf '%s\\0' \"$\(name)\"\n" }
      for (function, names) in calls {
        text += "\(function)\n" + names.map { "printf '%s\\0' \"$\($0)\"\n" }.joined()
      }
      let file = try fixture.source("header.sh", text)
      let result = try await Tool(shell[0], shell.dropFirst() + [file], directory: fixture.directory).run()
      let expected =
        [value, "\(value)\nsecond", value, value, value, value, value, value, value, "200\n204", value]
        + Array(repeating: value, count: 5)
      #expect(result.output == Array(expected.map { $0 + "\0" }.joined().utf8))
      #expect(try fixture.files == ["header.sh"], "something ran")
    }
  }

  @Test func nulIsRefused() {
    var belay = Belay()
    belay.contacts = ["a\0b"]
    #expect(throws: PackagingError.nul(field: "belay_contacts")) {
      try HostHeader.render(Fixture.release(belay: belay), belay)
    }
  }

  @Test func theHeaderOfAReleaseWithEverything() throws {
    let (release, belay) = Samples.everything
    let golden = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/header.sh")
    #expect(try HostHeader.render(release, belay) == String(contentsOf: golden, encoding: .utf8))
  }

  @Test func namesMadeFromThePackages() {
    let names = HostNames(package: "g++-12.x")
    #expect(names.unit == #"belay-g\x2b\x2b-12.x"#)
    #expect(names.hook == "60belay-g_p_p-12.x.conf")
  }
}
