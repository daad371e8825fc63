import Mustache
import Packaging
import Templates

/// A template of a report. Both are markup, and every value in them is escaped in the same way.
enum ReportTemplate: String, CaseIterable {
  case page = "rehearsal.html.mustache"
  case junit = "rehearsal.junit.xml.mustache"

  /// The text with every value in place.
  func render(_ context: Any) throws(ReportError) -> String {
    guard let text = Templates.text(named: rawValue) else { throw .noTemplate(rawValue) }
    Self.escape
    do {
      return try MustacheTemplate(string: "{{% CONTENT_TYPE: MARKUP}}" + text).render(context)
    } catch {
      throw .template(rawValue, reason: "\(error)")
    }
  }

  private static let escape: Void = MustacheContentTypes.register(MarkupText(), named: "MARKUP")
}

/// Text for HTML and XML, between tags and in quoted attributes.
///
/// Mustache's own escaping looks at characters as people see them: a quote with a combining mark upon it is another
/// character there, but still a quote for every browser. So this looks at scalars, and spells out what XML 1.0 cannot
/// hold and what could hide.
struct MarkupText: MustacheContentType {
  func escapeText(_ text: String) -> String {
    var result = ""
    for scalar in Visible.lines(text).joined(separator: "\n").unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
