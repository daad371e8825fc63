import Foundation
import TestSupport

/// A file of the tree, as the house rules look at it.
struct SourceFile: CustomStringConvertible {
  let path: String
  let text: String

  var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
  var description: String { path }

  /// All text files below these directories with one of these endings; nil: all.
  static func all(under directories: [String] = [""], endings: [String]? = nil) -> [SourceFile] {
    Checkout.files().filter { path in
      directories.contains { path.hasPrefix($0) } && (endings.map { $0.contains { path.hasSuffix($0) } } ?? true)
    }.compactMap { path in
      guard let text = try? String(contentsOfFile: Checkout.directory + "/" + path, encoding: .utf8) else { return nil }
      return SourceFile(path: path, text: text)
    }
  }

  static func swift(under directories: [String]) -> [SourceFile] { all(under: directories, endings: [".swift"]) }

  /// The modules that it imports.
  var imports: Set<String> {
    let words = lines.filter { $0.contains("import ") && !$0.contains("\"") && !$0.hasPrefix("//") }
      .map { $0.split(separator: " ") }
    return Set(
      words.compactMap { line in
        guard let at = line.firstIndex(of: "import"), at + 1 < line.count else { return nil }
        guard line[..<at].allSatisfy({ $0.hasPrefix("@") || $0 == "public" || $0 == "internal" }) else { return nil }
        return String(line[at + 1].prefix { $0.isLetter || $0.isNumber || $0 == "_" })
      })
  }

  /// Its lines without string literals and comments, with their numbers: what the compiler sees as code.
  var code: [(number: Int, text: String)] {
    var inLiteral = false
    var result: [(number: Int, text: String)] = []
    for (index, line) in lines.enumerated() {
      let pieces = line.components(separatedBy: "\"\"\"")
      // An odd number of pieces leaves the state as it was.
      let wasInLiteral = inLiteral
      if pieces.count.isMultiple(of: 2) { inLiteral.toggle() }
      if wasInLiteral || pieces.count > 1 { continue }
      var text = String(line)
      for pattern in [##"#".*?"#"##, #""(\\.|[^"\\])*""#, "//.*"] {
        text = text.replacingOccurrences(of: pattern, with: "\"\"", options: .regularExpression)
      }
      result.append((index + 1, text))
    }
    return result
  }
}

/// Where in the files a pattern occurs, as `path:line: text`.
func occurrences(of pattern: String, inCodeOf files: [SourceFile]) -> [String] {
  files.flatMap { file in
    file.code.filter { $0.text.range(of: pattern, options: .regularExpression) != nil }
      .map { "\(file.path):\($0.number): \($0.text)" }
  }
}

/// Where in the files a text occurs, comments and literals included.
func occurrences(ofText text: String, in files: [SourceFile]) -> [String] {
  files.flatMap { file in
    file.lines.enumerated().filter { $0.element.contains(text) }.map { "\(file.path):\($0.offset + 1): \($0.element)" }
  }
}
