import Rehearsal
import Testing

@Suite struct ReportTextTests {
  @Test func theBlockIsTheTerminals() {
    let text = ReportText.text(Samples.bad, page: "rehearsal/report.html")
    let failed = """
      FAILED  undo of step 'expand the schema': column orders.vat still exists after undo
              fix: steps[0].undo, release.yaml:31        look: belay rehearse --scenario step-1-fails --keep
      known   the unit is left enabled
              look: belay rehearse --scenario cut-3 --keep
      skipped 1 (disk-full): no ext4 image can be mounted here

      """
    #expect(text.contains(failed))
    let closing =
      "2 of 4 end old, new or honest · 1 known not to · 1 skipped · downtime of a good upgrade 0.8 s"
      + " · time to return p95 1.6 s · report: rehearsal/report.html\n"
    #expect(text.hasSuffix("\n" + closing))
  }

  @Test func theTableCountsEnds() {
    let lines = ReportText.text(Samples.bad, page: "p").split(separator: "\n").map(String.init)
    let rows = lines.prefix(6).map { $0.split(separator: " ").joined(separator: " ") }
    let expected = [
      "old new honest in between failed known skipped", "no fault · 1 · · · · ·", "checks 1 · · · · · ·",
      "steps · · · 1 1 · ·", "power · · · 1 · 1 ·", "disk · · · · · · 1",
    ]
    #expect(rows == expected)
    #expect(Set(lines.prefix(6).map(\.count)).count == 1)
  }

  @Test func overTheBudgetIsSaid() {
    var report = Samples.report([Samples.upgrade])
    report.figures.downtimeBudget = 500
    report.figures.entriesLost = 3
    let text = ReportText.text(report, page: "p")
    #expect(text.contains("downtime of a good upgrade 0.8 s, budget 0.5 s ·"))
    #expect(text.contains("· entries lost 3 ·"))
  }

  @Test func noTerminalObeys() {
    let text = ReportText.text(Samples.hostile, page: Samples.hostileText)
    let hidden: [Unicode.Scalar] = ["\u{0}", "\u{1b}", "\u{202e}", "\u{fffe}", "\r"]
    #expect(text.unicodeScalars.filter { hidden.contains($0) } == [])
    // A table of three lines and a blank one, two lines of the failure, the skipped one, the closing line.
    #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count == 9)
  }
}
