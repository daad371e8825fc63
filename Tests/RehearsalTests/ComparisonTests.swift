import Foundation
import ReleaseDescription
import TestSupport
import Testing

@testable import Rehearsal

/// What is compared, and how: the parts of a verdict.
@Suite struct ComparisonTests {
  @Test func linesAreComparedAsASetThatCounts() {
    #expect(DataComparison(["a", "b", "b"], ["b", "a", "b"]).isEqual)
    let comparison = DataComparison(["a", "b", "b"], ["b", "c", "c"])
    #expect(comparison.missing == ["a", "b"] && comparison.added == ["c", "c"])
    #expect(comparison.lines == ["-a", "-b", "+c", "+c"])
  }

  @Test func aDiffIsNoLongerThanAPersonReads() {
    let comparison = DataComparison([], (1...100).map { "line \($0) " + String(repeating: "x", count: 300) })
    #expect(comparison.lines.count == 13 && comparison.lines.last == "… and 88 more lines")
    #expect(comparison.lines.allSatisfy { $0.count <= 210 })
  }

  private static let dump = [
    "CREATE TABLE public.entries (", "COPY public.entries (id, message) FROM stdin;", "1\thello", "2\tworld", "\\.",
    "COPY public.replies (id) FROM stdin;", "\\.",
  ]

  @Test func rowsAreCountedByTable() {
    let counts = RowCounts(Self.dump)
    #expect(counts.rows == ["public.entries": 2, "public.replies": 0])
    let fewer = RowCounts(Self.dump.filter { $0 != "2\tworld" })
    let losses = counts.losses(to: fewer)
    #expect(losses.count == 1 && losses.first?.table == "public.entries" && losses.first?.after == 1)
    #expect(fewer.losses(to: counts).isEmpty)
    #expect(RowCounts(["v1", "row", "end"]).losses(to: RowCounts(["v2", "end"])).first?.before == 3)
  }

  @Test func theProbersLogBecomesServingAndDowntime() {
    var measured = Measurements()
    measured.readProber("100.000 ok\n101.000 missed\n101.800 ok\n103.000 missed\n103.200 ok\n104.000 end\n", 100)
    #expect(measured.downtime == 800)
    #expect(measured.serving == [Span(from: 0, to: 1000), Span(from: 1800, to: 3000), Span(from: 3200, to: 4000)])
    var never = Measurements()
    never.readProber("100.000 missed\n104.000 end\n", 100)
    #expect(never.downtime == nil, "what never answered was not down")
    var stays = Measurements()
    stays.readProber("100.000 ok\n101.000 missed\n104.500 end\n", 100)
    #expect(stays.downtime == 3500, "down to the end")
    var good = Measurements()
    good.readProber("100.000 ok\n104.000 end\n", 100)
    #expect(good.downtime == 0)
  }

  @Test func aProbeDoesNotAskForTheNewVersion() {
    func probe(_ body: String?) -> Probe? {
      Probe(
        [.init(name: "a", kind: .http(url: "http://[::1]:8080/v?x=1", status: [200], body: body))], version: "1.2.0")
    }
    #expect(probe(#""version":"1\.2\.0""#)?.body == "")
    #expect(probe("<footer>")?.body == "<footer>")
    #expect(probe(nil)?.target == "/v?x=1" && probe(nil)?.address == "[::1]:8080")
    #expect(Probe([.init(name: "a", kind: .unit("a.service", stays: 0))], version: "1") == nil)
    let advisory = Check(name: "a", kind: .tcp(address: "h:1"), severity: .advisory)
    #expect(Probe([advisory], version: "1") == nil)
  }

  @Test func theSameSeedGivesTheSameMoments() {
    func moments(_ seed: UInt64, _ name: String) -> [Int] {
      var generator = SeededGenerator(seed: seed, name: name)
      return (0..<4).map { _ in Int.random(in: 0...10_000, using: &generator) }
    }
    #expect(moments(1, "a") == moments(1, "a"))
    #expect(moments(1, "a") != moments(2, "a") && moments(1, "a") != moments(1, "b"))
  }

  @Test func whatHostsWriteByThemselvesIsNoDifference() {
    let noise = Noise(
      package: "shop", hasDumps: false, data: ["/var/lib/shop"],
      allowed: [.init(pattern: "/srv/cache/*.tmp", why: "a cache"), .init(pattern: "/srv/logs", why: "logs")])
    for path in ["/var/log/x", "/srv/cache/a.tmp", "/srv/logs/deep/x", "/var/lib/shop.belay-0002/entries"] {
      #expect(noise.covers(path), "\(path)")
    }
    for path in ["/var/lib/shop/entries", "/var/lib/postgresql/1", "/srv/cache/a", "/var/logs", "/etc/shop.conf"] {
      #expect(!noise.covers(path), "\(path)")
    }
    #expect(noise.isData("/var/lib/shop/a") && !noise.isData("/var/lib/shopping"))
  }

  @Test func changesAreWhatDiffersFromTheLayersBelow() throws {
    let scratch = try Scratch.make()
    defer { Scratch.remove(scratch) }
    for (path, text) in [
      "low/etc/a": "one", "low/etc/b": "two", "low/etc/gone/c": "three", "top/etc/b": "two, newer", "up/etc/a": "one",
      "up/etc/b": "changed", "up/srv/new": "new", "merged/etc/a": "one", "merged/etc/b": "changed",
      "merged/srv/new": "new",
    ] { try Scratch.write(text, to: "\(scratch)/\(path)") }
    for (directory, mode) in [("low/etc", 0o755), ("up/etc", 0o755), ("up/srv", 0o755)] {
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: "\(scratch)/\(directory)")
    }
    let noise = Noise(package: "shop", hasDumps: false, data: ["/etc/b"], allowed: [])
    let changes = Changes(
      upper: scratch + "/up", merged: scratch + "/merged", layers: [scratch + "/top", scratch + "/low"], noise: noise)
    #expect(Set(changes.files.keys) == ["/etc/b", "/etc/gone", "/etc/gone/c", "/srv", "/srv/new"])
    #expect(changes["/etc/b"]?.before.lines == ["two, newer"], "the uppermost layer counts")
    #expect(changes["/etc/b"]?.now.lines == ["changed"])
    #expect(changes["/etc/gone/c"]?.now == .absent)
  }
}
