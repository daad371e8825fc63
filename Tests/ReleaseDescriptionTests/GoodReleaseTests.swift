import Foundation
import ReleaseDescription
import TestSupport
import Testing

@Suite struct GoodReleaseTests {
  @Test func everyKeyOfTheExampleArrives() async throws {
    let outcome = await Description.read(try Self.text("example.yaml"))
    #expect(outcome.findings.map(\.description) == [])
    try Golden.expect(dumped(outcome.release), at: "GoodReleases/example.values")
  }

  @Test func defaultsAreTheDesigns() async throws {
    let outcome = await Description.read(
      Description.head + "checks: [{name: a, http: \"http://x/\"}, {name: b, unit: x.service}]\n")
    let belay = try #require(outcome.release?.belay)
    let expected = Check(name: "a", kind: .http(url: "http://x/", status: [200], body: nil))
    #expect(belay.checks[0] == expected)
    #expect((expected.startPeriod, expected.interval, expected.timeout) == (0, 1_000, 30_000))
    #expect((expected.retries, expected.successes, expected.severity) == (3, 1, .required))
    #expect(belay.checks[0].deadline == 4 * 31_000)
    #expect(belay.checks[1].kind == .unit("x.service", stays: 0))
    #expect(belay.snapshot.quiesce == .none && belay.snapshot.quiesceTimeout == 30_000)
    #expect(belay.fallback.checks == nil && belay.fallback.sources == [.kept, .cache, .archive, .rebuild])
    #expect(outcome.release?.modificationTime == Release.standardModificationTime)
  }

  @Test func aPlainNfpmFileIsARelease() async throws {
    let outcome = await Description.read(try Self.text("nfpm.yaml"))
    let release = try #require(outcome.release, "\(outcome.findings)")
    #expect(release.belay == nil)
    #expect(release.control.version == "1.2.3~beta.1+git")
    #expect(release.control.architecture == "i386")
    #expect(release.control.priority == "optional")
    #expect(release.fileName == "foo_1.2.3~beta.1+git_i386.deb")
    #expect(release.contents.map(\.destination) == ["/etc/foo/shop.conf", "/usr/bin/foo"])
    #expect(release.contents.map(\.isConffile) == [true, false])
    #expect(outcome.findings.allSatisfy { $0.severity != .error })
    #expect(outcome.findings.contains { $0.severity == .note && $0.message.contains("overrides.rpm") })
  }

  @Test func aRehearsalAloneGivesNoWayBack() async throws {
    let outcome = await Description.read(
      Description.head + "rehearsal: {include: [curl], before: scripts/snake.py, allow: [{path: /a/*, why: b}]}\n")
    let release = try #require(outcome.release, "\(outcome.findings)")
    #expect(release.belay == nil)
    #expect(outcome.protection == nil)
    var expected = RehearsalBlock()
    expected.include = ["curl"]
    let text = try String(contentsOfFile: Description.tree + "/scripts/snake.py", encoding: .utf8)
    expected.before = .init(path: "scripts/snake.py", script: .init(text: text, interpreter: "python3"))
    expected.allow = [.init(path: "/a/*", why: "b")]
    #expect(release.rehearsal == expected)
    #expect(await Description.read(Description.head).release?.rehearsal == nil)
  }

  @Test func theTimeIsSourceDateEpochThenMtime() async {
    let text = Description.head + "mtime: 1970-01-02T01:00:00+01:00\n"
    #expect(await Description.read(text).release?.modificationTime == 86_400)
    let variables = ["SOURCE_DATE_EPOCH": "1700000000"]
    #expect(await Description.read(text, variables: variables).release?.modificationTime == 1_700_000_000)
    #expect(await Description.read(text, variables: ["SOURCE_DATE_EPOCH": "now"]).release == nil)
  }

  @Test func variablesAreExpandedWhereNfpmDoes() async throws {
    let variables = ["V": "2.0", "B": "shop", "EMPTY": ""]
    let text =
      Description.head.replacing("1.4.0", with: "${V}")
        + """
        depends: ["libshop (= $V)", "$EMPTY"]
        contents:
          - {src: "bin/${B}", dst: "/usr/bin/${B}", expand: true}
        steps: [{name: "costs $5", run: "echo ${UNSET:-x}", undo: compatible, stage: started}]
        checks: [{name: a, run: "echo $HOME"}]
        """
    let outcome = await Description.read(text, variables: variables)
    let release = try #require(outcome.release, "\(outcome.findings)")
    #expect(release.control.version == "2.0.0")
    #expect(release.control.relations == [Field("Depends", ["libshop (= 2.0)"])])
    #expect(release.contents.first?.destination == "/usr/bin/shop")
    #expect(release.belay?.steps.first?.run == "echo ${UNSET:-x}")
  }

  static func text(_ name: String) throws -> String {
    try String(contentsOfFile: "\(Checkout.directory)/Tests/GoodReleases/\(name)", encoding: .utf8)
  }

  /// One line a value, for comparing by line; of what has parts, the name alone.
  private func dumped(_ release: Release?) -> String {
    var text = ""
    dump(release, to: &text)
    let lines = text.replacing(Checkout.directory, with: "CHECKOUT").split(separator: "\n").map { line in
      line.contains("▿") ? String(line.prefix { $0 != ":" && $0 != "(" }) : String(line)
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
