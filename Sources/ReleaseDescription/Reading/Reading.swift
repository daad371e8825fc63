import Yams

/// One run over one file, a release description unless said otherwise: what was found so far, and what is still to be looked at.
///
/// The blocks of the description are read by extensions of this type, one file each (`Blocks/`).
struct Reading {
  let file: String
  let surroundings: Surroundings
  /// What the file is, for messages.
  let subject: String
  var findings: [Finding] = []
  /// Pieces of code whose syntax is still to be checked; collected, because that takes a process each.
  var snippets: [Snippet] = []

  init(file: String, surroundings: Surroundings, subject: String = "description") {
    self.file = file
    self.surroundings = surroundings
    self.subject = subject
  }

  mutating func error(_ message: String, at position: Position, hint: String? = nil) {
    add(.error, message, position, hint)
  }

  mutating func warning(_ message: String, at position: Position, hint: String? = nil) {
    add(.warning, message, position, hint)
  }

  mutating func note(_ message: String, at position: Position, hint: String? = nil) {
    add(.note, message, position, hint)
  }

  private mutating func add(_ severity: Finding.Severity, _ message: String, _ position: Position, _ hint: String?) {
    findings.append(
      Finding(
        file: file, line: position.line, column: position.column, severity: severity, message: message.printable,
        hint: hint?.printable))
  }

  var hasErrors: Bool { findings.contains { $0.severity == .error } }

  /// In the order of the file.
  var sortedFindings: [Finding] {
    findings.sorted { left, right in
      (left.line, left.column, left.severity, left.message) < (right.line, right.column, right.severity, right.message)
    }
  }
}

extension Node {
  var position: Position { mark.map { Position(line: $0.line, column: $0.column) } ?? .start }

  /// For messages: `found a list`.
  var kind: String {
    switch self {
    case .scalar: return "text"
    case .mapping: return "a mapping"
    case .sequence: return "a list"
    case .alias: return "an alias"
    }
  }

  /// `key:` with nothing behind it, or `~`, or `null`, unquoted.
  var isNull: Bool {
    guard case .scalar(let scalar) = self, scalar.style == .plain || scalar.style == .any else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
  }
}

extension Node {
  var isEmptyList: Bool {
    if case .sequence(let sequence) = self { return sequence.isEmpty }
    return false
  }
}

extension String {
  /// Fit for one line of a terminal: control characters escaped, and not longer than a line can bear.
  var printable: String {
    var result = ""
    for scalar in unicodeScalars {
      let isControl = scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format
      result += isControl ? scalar.escaped(asASCII: true) : String(scalar)
    }
    return result
  }

  /// At most 60 characters, for quoting a value in a message.
  var shortened: String { count <= 60 ? self : prefix(57) + "..." }
}
