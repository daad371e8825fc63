import Foundation
import Rehearsal
import Testing

@Suite struct ReportJSONTests {
  @Test(arguments: [Samples.good, Samples.bad, Samples.hostile, Samples.report([])])
  func itReadsBackAsTheSameReport(_ report: RehearsalReport) throws {
    #expect(try ReportJSON.report(from: try ReportJSON.text(report)) == report)
  }

  @Test func keysAreSortedAndInSnakeCase() throws {
    let text = try ReportJSON.text(Samples.bad)
    #expect(text.hasPrefix("{\n  \"base\" : \"bookworm\",\n  \"began\""))
    #expect(text.contains("\"downtime_budget\" : 1000") && text.contains("\"time_to_return\" : 1600"))
    #expect(text.contains("\"key\" : \"steps[0].undo\"") && text.hasSuffix("}\n"))
    let slashed = Samples.report([ScenarioResult(name: "a/b", title: "", group: "", outcome: .passed, acceptable: [])])
    #expect(try ReportJSON.text(slashed).contains("\"a/b\""))
  }

  @Test func aLaterFormatIsRefused() throws {
    var report = Samples.good
    report.format = 2
    let text = try ReportJSON.text(report)
    #expect(throws: ReportError.format(2)) { try ReportJSON.report(from: text) }
    #expect(throws: ReportError.self) { try ReportJSON.report(from: "{}") }
  }
}
