import Foundation
import Rehearsal
import Testing

@Suite struct ReportPageTests {
  /// Values of an attribute, in order.
  private static func values(of attribute: String, in page: String) -> [String] {
    page.components(separatedBy: " \(attribute)=\"").dropFirst().map { String($0.prefix { $0 != "\"" }) }
  }

  /// The page without its style sheet.
  private static func body(_ page: String) throws -> String {
    String(page[try #require(page.range(of: "</style>")).upperBound...])
  }

  @Test(arguments: [Samples.good, Samples.bad, Samples.hostile])
  func everySquareLeadsToItsDetails(_ report: RehearsalReport) throws {
    let page = try ReportPage.html(report)
    let squares = page.components(separatedBy: "<a class=\"square ").dropFirst()
    let links = squares.compactMap { Self.values(of: "href", in: String($0)).first }
    let details = page.components(separatedBy: "<div class=\"body\"").dropFirst()
    let ids = details.compactMap { Self.values(of: "id", in: String($0)).first }
    #expect(links == ids.map { "#" + $0 })
    #expect(links.count == report.scenarios.count)
    #expect(Set(Self.values(of: "id", in: page)).count == Self.values(of: "id", in: page).count)
  }

  @Test func noLinkLeavesThePage() throws {
    let page = try ReportPage.html(Samples.bad)
    #expect(!page.contains("http:") && !page.contains("https:") && !page.contains(" src="))
    #expect(Self.values(of: "href", in: page).allSatisfy { $0.hasPrefix("#") })
    #expect(page.components(separatedBy: "url(").dropFirst().allSatisfy { $0.hasPrefix("#") })
    let ids = Set(Self.values(of: "id", in: page))
    #expect(Self.values(of: "href", in: page).filter { !ids.contains(String($0.dropFirst())) } == [])
  }

  /// What is left of the page without the tags that our template can write holds nothing that a browser obeys.
  @Test func hostileTextIsOnlyText() throws {
    let page = try ReportPage.html(Samples.hostile)
    let tag = #"</?[a-z][a-z0-9]*( [a-zA-Z0-9-]+="[^"<>]*")*( open)?/?>"#
    let text = try Self.body(page).replacingOccurrences(of: tag, with: "", options: .regularExpression)
    #expect(text.unicodeScalars.filter { "<>\"'".unicodeScalars.contains($0) } == [])
    #expect(text.contains("&lt;script&gt;alert(1)&lt;/script&gt;]]&gt;--&gt;&lt;!--&quot"))
    let head = try #require(page.range(of: "</title>"))
    #expect(!page[..<head.lowerBound].contains("<script"))
  }

  @Test func nothingHides() throws {
    let page = try ReportPage.html(Samples.hostile)
    let hidden: [Unicode.Scalar] = ["\u{0}", "\u{1b}", "\u{202e}", "\u{fffe}", "\r"]
    #expect(page.unicodeScalars.filter { hidden.contains($0) } == [])
    for name in ["0000", "001B", "202E", "FFFE", "000D"] { #expect(page.contains("&lt;U+\(name)&gt;")) }
  }

  @Test func theFirstGlanceHasItAll() throws {
    let page = try ReportPage.html(Samples.bad)
    let glance = try Self.body(String(page[..<(try #require(page.range(of: "</main>"))).lowerBound]))
    let facts = [
      "<h1>\(Samples.bad.verdict)</h1>", "<b>0.8 s</b>", "within the budget of 1.0 s", "<b>1.1 s / 1.6 s</b>",
      "<b>212 MB</b>", "in 1.9 s", "<b>0</b>", "No network but loopback.", "sha256:" + Samples.old.sha256,
      "sha256:" + Samples.new.sha256, "base bookworm", "seed 4711",
      "belay rehearse &#39;shop 1.4.deb&#39; --from old.deb",
    ]
    for fact in facts { #expect(glance.contains(fact), "\(fact)") }
  }

  @Test func colourIsNeverTheOnlySign() throws {
    let page = try ReportPage.html(Samples.bad)
    let squares = page.components(separatedBy: "<a class=\"square ").dropFirst()
    let looks = squares.map { square in
      [square.prefix { $0 != "\"" }, square.drop { $0 != ">" }.dropFirst().prefix { $0 != "<" }].map { String($0) }
    }
    let expected = [
      ["new passed", "→"], ["old passed", "←"], ["between failed", "✕"], ["between known", "k"], ["none skipped", "·"],
    ]
    #expect(looks == expected)
    let labels = squares.compactMap { Self.values(of: "aria-label", in: String($0)).first }
    #expect(labels.contains("failed: step 1 fails: in between (returned)"))
    #expect(labels.contains("skipped: disk full: not tried"))
  }

  @Test func theGoodUpgradeIsAboveTheOneThatCameBack() throws {
    let page = try ReportPage.html(Samples.bad)
    let figures = page.components(separatedBy: "<figure ").dropFirst()
    #expect(figures.count == 2)
    let good = try #require(figures.first)
    let returned = try #require(figures.last)
    #expect(good.contains("Good upgrade") && good.contains("0.8 s without an answer"))
    #expect(good.contains("prepared 0 s · unpacked 1.2 s · committed 3.0 s"))
    #expect(returned.contains("check 2 &#39;listens&#39; fails") && returned.contains("2.6 s without an answer"))
    // 6.5 s are 96 % of the drawing: one scale for both.
    #expect(good.contains("<rect class=\"gap\" x=\"19.20%\" width=\"11.82%\""))
    #expect(returned.contains("<rect class=\"gap\" x=\"19.20%\" width=\"67.94%\""))
  }

  @Test func aFailureSaysWhereToMendAndHowToLook() throws {
    let page = try ReportPage.html(Samples.bad)
    let finding = try #require(page.components(separatedBy: "<article ").dropFirst().first)
    #expect(finding.contains("column orders.vat still exists"))
    #expect(finding.contains("<code>steps[0].undo</code> in <code>release.yaml:31</code>"))
    #expect(finding.contains("belay rehearse --scenario step-1-fails --keep"))
    #expect(page.contains("<span class=\"minus\">-id, total</span><span class=\"plus\">+id, total, vat</span>"))
  }

  @Test func whatIsKnownIsNotCalledWrong() throws {
    #expect(try ReportPage.html(Samples.bad).contains(">What is wrong</h2>"))
    let page = try ReportPage.html(Samples.good)
    #expect(page.contains(">Known to fail</h2>") && !page.contains("What is wrong"))
  }

  @Test func anEmptyReportHasAPageToo() throws {
    var report = Samples.report([])
    report.old = nil
    report.notTested = []
    report.figures = RehearsalReport.Figures()
    let page = try ReportPage.html(report)
    #expect(page.contains("No scenario has a timeline.") && page.contains("Nothing is listed."))
    #expect(!page.contains("What is wrong") && !page.contains("Known to fail") && !page.contains("<article"))
  }
}
