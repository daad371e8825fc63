import Rehearsal
import Testing

@Suite struct VerdictTests {
  @Test func whatFailsIsCounted() {
    #expect(Samples.bad.verdict == "shop 1:1.4.0 does not pass: 1 of 4 scenarios fails.")
    #expect(!Samples.bad.isPassed)
    let counts = Samples.bad.counts
    #expect([counts.passed, counts.failed, counts.known, counts.skipped, counts.tried] == [2, 1, 1, 1, 4])
    #expect(counts.ends == [.new: 1, .old: 1, .between: 2])
  }

  @Test func whatIsKnownIsSaid() {
    #expect(Samples.good.isPassed)
    #expect(Samples.good.verdict == "shop 1:1.4.0 passes: 2 of 3 scenarios end old, new or honest; 1 known not to.")
    let all = Samples.report([Samples.upgrade, Samples.returned])
    #expect(all.verdict == "shop 1:1.4.0 passes: all 2 scenarios end old, new or honest.")
  }

  @Test func nothingTriedProvesNothing() {
    #expect(!Samples.report([]).isPassed)
    #expect(!Samples.report([Samples.skipped]).isPassed)
    #expect(Samples.report([Samples.skipped]).verdict == "shop 1:1.4.0 is not proved: no scenario was tried.")
    #expect(!Samples.report([Samples.known]).isPassed)
    #expect(Samples.report([Samples.known]).verdict.contains("is not proved: all 1 scenarios are known to fail"))
  }

  @Test func causesStayInTheirOrder() {
    let report = Samples.report([Samples.returned, Samples.upgrade, Samples.returned])
    #expect(report.groups.map(\.name) == ["checks", "no fault"])
    #expect(report.groups.map(\.scenarios.count) == [2, 1])
  }
}
