import Foundation
import Rehearsal
import Testing

@Suite struct ReceiptTests {
  @Test(arguments: [Samples.bad, Samples.report([]), Samples.report([Samples.skipped]), Samples.hostile])
  func noneForARehearsalThatDidNotPass(_ report: RehearsalReport) { #expect(Receipt(report) == nil) }

  @Test func itNamesWhatWasProved() throws {
    let receipt = try #require(Receipt(Samples.good))
    #expect(receipt.fileName == "shop_1.4.0_amd64.rehearsal.json")
    #expect(receipt.new == Samples.new && receipt.old == Samples.old)
    #expect(receipt.base == "bookworm" && receipt.seed == 4711 && receipt.date == "2026-11-25T20:47:37Z")
    #expect(receipt.scenarios.map(\.name) == ["upgrade", "check-2-fails", "cut-3", "disk-full"])
    #expect(receipt.scenarios.map(\.outcome) == [.passed, .passed, .known, .skipped])
    #expect(receipt.scenarios.map(\.end) == [.new, .old, .between, nil])
  }

  @Test func itReadsBack() throws {
    let receipt = try #require(Receipt(Samples.good))
    let text = try receipt.json()
    #expect(text.contains("\"result\" : \"passed\"") && text.hasSuffix("}\n"))
    #expect(try Receipt.receipt(from: text) == receipt)
  }

  @Test func anythingElseIsNoReceipt() throws {
    let text = try #require(Receipt(Samples.good)).json()
    let failed = text.replacing("\"result\" : \"passed\"", with: "\"result\" : \"failed\"")
    #expect(throws: ReportError.self) { try Receipt.receipt(from: failed) }
    let later = text.replacing("\"format\" : 1", with: "\"format\" : 2")
    #expect(throws: ReportError.format(2)) { try Receipt.receipt(from: later) }
  }
}
