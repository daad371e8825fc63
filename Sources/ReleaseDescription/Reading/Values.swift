import Yams

/// Single values of a mapping. Each reader reports what is wrong and returns nil then, as it does for what is absent.
extension Reading {
  /// Any text, newlines included.
  mutating func text(_ fields: Fields, _ key: String) -> String? {
    fields[key].flatMap { text($0, "'\(key)'") }
  }

  mutating func text(_ node: Node, _ what: String) -> String? {
    guard case .scalar(let scalar) = node else {
      error("expected text for \(what), found \(node.kind)", at: node.position)
      return nil
    }
    if scalar.string.unicodeScalars.contains(where: Self.isControl) {
      error("control character in \(what)", at: node.position)
      return nil
    }
    return scalar.string
  }

  /// Not tab or newline: those have a meaning in commands and descriptions. But the marks that turn the direction of
  /// writing: with them a command is shown to those who approve it in another order than it runs in.
  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    let value = scalar.value
    let turnsAround = (0x202A...0x202E).contains(value) || (0x2066...0x2069).contains(value)
    return (value < 0x20 && scalar != "\n" && scalar != "\t") || (0x7F...0x9F).contains(value) || turnsAround
  }

  /// One line that says something: names, paths, users, units, patterns.
  mutating func line(_ fields: Fields, _ key: String) -> String? {
    fields[key].flatMap { line($0, "'\(key)'") }
  }

  mutating func line(_ node: Node, _ what: String) -> String? {
    guard let text = text(node, what) else { return nil }
    if text.contains(where: \.isNewline) || text.contains("\t") {
      error("\(what) must be one line, without tabs", at: node.position)
      return nil
    }
    if text.isEmpty || text.first == " " || text.last == " " {
      error(text.isEmpty ? "\(what) is empty" : "\(what) begins or ends with a space", at: node.position)
      return nil
    }
    if text.utf8.count > 4_096 {
      error("\(what) has \(text.utf8.count) bytes, at most 4096 are allowed", at: node.position)
      return nil
    }
    return text
  }

  /// Reports the key's absence; what is there and wrong is left to its reader.
  mutating func require(_ fields: Fields, _ key: String, hint: String? = nil) {
    if fields.keyPositions[key] == nil {
      error("'\(key)' is missing for \(fields.what)", at: fields.position, hint: hint)
    }
  }

  mutating func bool(_ fields: Fields, _ key: String) -> Bool? {
    guard let node = fields[key], let text = text(node, "'\(key)'") else { return nil }
    if text == "true" { return true }
    if text == "false" { return false }
    error("'\(key)' must be true or false, found '\(text.shortened)'", at: node.position)
    return nil
  }

  mutating func number(_ fields: Fields, _ key: String, in range: ClosedRange<Int>) -> Int? {
    guard let node = fields[key], let text = text(node, "'\(key)'") else { return nil }
    if let value = Int(text), range.contains(value), !text.hasPrefix("+") { return value }
    let wanted = "a number from \(range.lowerBound) to \(range.upperBound)"
    error("'\(key)' must be \(wanted), found '\(text.shortened)'", at: node.position)
    return nil
  }

  /// One of the words of an enumeration.
  mutating func choice<Word: RawRepresentable<String> & CaseIterable>(
    _ fields: Fields, _ key: String, later: [String] = []
  ) -> Word? {
    fields[key].flatMap { choice($0, "'\(key)'", later: later) }
  }

  mutating func choice<Word: RawRepresentable<String> & CaseIterable>(
    _ node: Node, _ what: String, later: [String] = []
  ) -> Word? {
    guard let text = text(node, what) else { return nil }
    if let word = Word(rawValue: text) { return word }
    let words = Word.allCases.map(\.rawValue)
    if later.contains(text) {
      // `'on_upgrade: rolling'`, but `state 'probation'`.
      let isKey = what.hasPrefix("'")
      notBuilt(isKey ? "\(what.dropLast()): \(text)'" : "\(what) '\(text)'", at: node.position)
    } else {
      let question = Spelling.nearest(to: text, among: words).map { ", did you mean '\($0)'?" } ?? ""
      let hint = question.isEmpty ? "one of \(words.joined(separator: " | "))" : nil
      error("\(what) cannot be '\(text.shortened)'\(question)", at: node.position, hint: hint)
    }
    return nil
  }

  /// A list of one-line texts; a single text counts as a list of one only where `orSingle` says so.
  mutating func lines(_ fields: Fields, _ key: String, orSingle: Bool = false) -> [Located<String>] {
    if orSingle, let node = fields[key], case .scalar = node {
      return line(node, "'\(key)'").map { [Located(value: $0, position: node.position)] } ?? []
    }
    var lines: [Located<String>] = []
    for node in items(fields, key) {
      if let text = line(node, "an entry of '\(key)'") { lines.append(Located(value: text, position: node.position)) }
    }
    return lines
  }
}
