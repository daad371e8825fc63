import Mustache
import Templates

/// A document template and the way its values are escaped.
enum DocumentTemplate: String, CaseIterable {
  case planText = "plan.txt.mustache"
  case planMarkdown = "plan.md.mustache"
  case manualText = "plan-b.txt.mustache"
  case manualMarkdown = "plan-b.md.mustache"
  case hostManual = "belay-host.8.mustache"

  /// The text with every value in place.
  ///
  /// - Throws: Mustache's error, when a template of ours does not parse; the tests render every one of them.
  func render(_ context: Any) throws -> String {
    guard let text = Templates.text(named: rawValue) else { throw PackagingError.noTemplate(rawValue) }
    Self.escapes
    // The pragma comes first, as a template without one is HTML; none includes another, as that would lose it.
    let template = try MustacheTemplate(string: "{{% CONTENT_TYPE: \(contentType)}}" + text)
    return template.render(context)
  }

  private var contentType: String {
    switch self {
    case .planText, .manualText: "TEXT"
    case .planMarkdown, .manualMarkdown: "MARKDOWN"
    case .hostManual: "ROFF"
    }
  }

  private static let escapes: Void = {
    MustacheContentTypes.register(MarkdownText(), named: "MARKDOWN")
    MustacheContentTypes.register(RoffText(), named: "ROFF")
  }()
}

/// Characters that mean something inside a paragraph of Markdown get a backslash.
private struct MarkdownText: MustacheContentType {
  func escapeText(_ text: String) -> String {
    var result = ""
    for character in text {
      if "\\`*_[]<>#|&~".contains(character) { result.append("\\") }
      result.append(character)
    }
    return result
  }
}

/// groff(7): a backslash starts an escape, a plain `-` is a hyphen, and a dot or quote at a line's begin is a request.
private struct RoffText: MustacheContentType {
  func escapeText(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "\\": result += #"\e"#
      case "-": result += #"\-"#
      case ".", "'": result += #"\&"# + String(character)
      default: result.append(character)
      }
    }
    return result
  }
}
