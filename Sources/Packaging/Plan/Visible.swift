/// Text in which nothing can hide: what a terminal would obey, or a reader could not see, is spelled out.
package enum Visible {
  /// One line; a newline in it becomes `<U+000A>` like every other control, format or separator character.
  package static func line(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      if isHidden(scalar) { result += spelled(scalar) } else { result.unicodeScalars.append(scalar) }
    }
    return result
  }

  /// The lines of a command; a tab stays, as it is part of how people write commands.
  package static func lines(_ text: String) -> [String] {
    text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { part in
      part.split(separator: "\t", omittingEmptySubsequences: false).map { line(String($0)) }.joined(separator: "\t")
    }
  }

  private static func spelled(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "<U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + ">"
  }

  /// Bidirectional controls are format characters: they make a command read as another one. No XML can hold U+FFFE.
  static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: scalar.properties.isNoncharacterCodePoint
    }
  }
}
