import Templates
import Testing

@testable import Rehearsal

@Suite struct ReportTemplateTests {
  /// Mustache renders a name that it does not find as nothing at all.
  @Test(arguments: ReportTemplate.allCases)
  func everyTagIsAProperty(_ template: ReportTemplate) throws {
    let context: Any =
      switch template {
      case .page: RehearsalPage(Samples.bad)
      case .junit: JUnitRun(Samples.bad)
      }
    let tags = Self.tags(of: try #require(Templates.text(named: template.rawValue)))
    #expect(!tags.isEmpty)
    #expect(tags.subtracting(Self.names(in: context)) == ["."])
  }

  /// The names of all properties, down to the last.
  private static func names(in value: Any) -> Set<String> {
    Mirror(reflecting: value).children.reduce(into: []) { names, child in
      if let label = child.label { names.insert(label) }
      if !(child.value is String) { names.formUnion(Self.names(in: child.value)) }
    }
  }

  @Test(arguments: ReportTemplate.allCases)
  func noValueIsLeftUnescaped(_ template: ReportTemplate) throws {
    let text = try #require(Templates.text(named: template.rawValue))
    #expect(!text.contains("{{{") && !text.contains("{{&") && !text.contains("{{%"))
  }

  @Test(arguments: [
    ("<", "&lt;"), (">", "&gt;"), ("&", "&amp;"), ("\"\u{338}", "&quot;\u{338}"), ("'\u{301}", "&#39;\u{301}"),
    ("\u{0}", "&lt;U+0000&gt;"), ("\u{ffff}", "&lt;U+FFFF&gt;"), ("a\tb\nc", "a\tb\nc"), ("grüße 漢", "grüße 漢"),
  ])
  func scalarsAreEscaped(_ text: String, _ escaped: String) { #expect(MarkupText().escapeText(text) == escaped) }

  private static func tags(of text: String) -> Set<String> {
    Set(
      text.split(separator: "{{").dropFirst().compactMap { part in
        part.split(separator: "}}").first.map { String($0.drop { "{#/^&".contains($0) }) }
      })
  }
}
