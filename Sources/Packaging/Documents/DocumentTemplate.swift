import Mustache
import Templates

/// A document template and the way its values are escaped.
enum DocumentTemplate: CaseIterable {
  case planText, planMarkdown, manualText, manualMarkdown, hostManual

  /// The text with every value in place.
  ///
  /// - Throws: Mustache's error, when a template of ours does not parse; the tests render every one.
  func render(_ context: Any) throws -> String {
    Self.escapes
    // The pragma comes first, as a template without one is HTML; none includes another, as that would lose it.
    let template = try MustacheTemplate(string: "{{% CONTENT_TYPE: \(contentType)}}" + text)
    return template.render(context)
  }

  var text: String { String(decoding: bytes, as: UTF8.self) }

  private var bytes: [UInt8] {
    switch self {
    case .planText: DocumentTemplates.planText
    case .planMarkdown: DocumentTemplates.planMarkdown
    case .manualText: DocumentTemplates.manualText
    case .manualMarkdown: DocumentTemplates.manualMarkdown
    case .hostManual: DocumentTemplates.hostManual
    }
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
