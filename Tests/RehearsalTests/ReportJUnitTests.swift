import Foundation
import FoundationXML
import Rehearsal
import Testing

@Suite struct ReportJUnitTests {
  @Test func suitesAreCausesAndCasesScenarios() throws {
    let elements = try Elements.parsed(try ReportJUnit.xml(Samples.bad))
    let run = try #require(elements.named("testsuites").first)
    #expect(run.attributes["tests"] == "5" && run.attributes["failures"] == "1" && run.attributes["skipped"] == "2")
    #expect(run.attributes["time"] == "41.230")
    #expect(
      elements.named("testsuite").map { $0.attributes["name"] } == ["no fault", "checks", "steps", "power", "disk"])
    #expect(elements.named("testcase").map { $0.attributes["name"] } == Samples.bad.scenarios.map(\.name))
    #expect(elements.named("testcase").first?.attributes["time"] == "4.200")
  }

  @Test func outcomesAreJUnits() throws {
    let elements = try Elements.parsed(try ReportJUnit.xml(Samples.bad))
    let failures = elements.named("failure")
    #expect(failures.map { $0.attributes["message"] } == [Samples.failed.sentence])
    let text = try #require(failures.first?.text)
    #expect(text.contains("-id, total\n") && text.contains("+id, total, vat") && text.contains("steps[0].undo"))
    let skips = elements.named("skipped").map { $0.attributes["message"] }
    #expect(skips == ["known: the unit is left enabled", "no ext4 image can be mounted here"])
    #expect(elements.named("system-out").map(\.text) == ["belay: shop: RETURNED"])
  }

  @Test func hostileTextIsOnlyText() throws {
    let elements = try Elements.parsed(try ReportJUnit.xml(Samples.hostile))
    let known: Set = ["testsuites", "testsuite", "testcase", "failure", "skipped", "system-out"]
    #expect(Set(elements.all.map(\.name)) == known)
    #expect(elements.all.allSatisfy { $0.attributes["onload"] == nil })
    let log = try #require(elements.named("system-out").first?.text)
    // Outside of the macro, which loses its way at a quote with a mark upon it.
    let begin = "<script>alert(1)</script>]]>--><!--\"\u{338} onload=x '<U+0000><U+001B>[31m<U+202E><U+FFFE><U+000D>\n"
    #expect(log.hasPrefix(begin))
    #expect(log.hasSuffix("\n{{.}}{{{verdict}}}&amp;"))
  }
}

/// The elements of an XML text, as a real parser sees them.
private final class Elements: NSObject, XMLParserDelegate {
  struct Element {
    var name: String
    var attributes: [String: String]
    var text = ""
  }

  private(set) var all: [Element] = []
  private var open: [Int] = []

  static func parsed(_ text: String) throws -> Elements {
    let elements = Elements()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = elements
    guard parser.parse() else { throw parser.parserError ?? CocoaError(.fileReadCorruptFile) }
    return elements
  }

  func named(_ name: String) -> [Element] { all.filter { $0.name == name } }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    open.append(all.count)
    all.append(Element(name: name, attributes: attributes))
  }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
    open.removeLast()
  }

  func parser(_ parser: XMLParser, foundCharacters text: String) {
    if let index = open.last { all[index].text += text }
  }
}
