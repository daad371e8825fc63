/// The header of the host program as text: assignments of single-quoted values, alone or in numbered functions.
///
/// Read by this grammar alone; nothing of it is ever run.
struct HostHeaderText {
  private(set) var values: [String: String] = [:]
  /// `step_1` and its like, with what they assign.
  private(set) var functions: [String: [String: String]] = [:]

  static let first = "belay_format='"

  /// The functions that a header has, without their numbers.
  private static let singulars = [
    "service", "path", "dump", "step", "check", "gate_check", "fallback_check", "fallback_before", "fallback_after",
    "notify",
  ]

  /// Reads from the first assignment to the first line that is none of the header's: the program's first piece.
  init(_ text: Substring) throws(HostHeaderFault) {
    var scanner = Scanner(rest: text.utf8[...])
    while true {
      if scanner.skip("belay_") {
        guard let name = scanner.name() else { throw .syntax(line: scanner.line) }
        try Self.add("belay_" + name, try scanner.value(), to: &values)
      } else if let name = scanner.function(of: Self.singulars) {
        var body: [String: String] = [:]
        while !scanner.skip("}\n") {
          guard scanner.skip("  "), let name = scanner.name() else { throw .syntax(line: scanner.line) }
          try Self.add(name, try scanner.value(), to: &body)
        }
        guard functions.updateValue(body, forKey: name) == nil else { throw .duplicate(name) }
      } else {
        return
      }
    }
  }

  private static func add(
    _ name: String, _ value: String, to values: inout [String: String]
  ) throws(HostHeaderFault) {
    guard values.updateValue(value, forKey: name) == nil else { throw .duplicate(name) }
  }
}

/// Walks over the bytes: to Swift a quote before a combining mark is another character than a quote.
private struct Scanner {
  var rest: Substring.UTF8View.SubSequence
  private(set) var line = 1

  init(rest: Substring.UTF8View.SubSequence) { self.rest = rest }

  mutating func skip(_ text: String) -> Bool {
    guard rest.starts(with: text.utf8) else { return false }
    line += text.utf8.count { $0 == UInt8(ascii: "\n") }
    rest = rest.dropFirst(text.utf8.count)
    return true
  }

  /// Letters, digits and `_`.
  mutating func name() -> String? {
    let name = rest.prefix { byte in
      byte == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
    guard !name.isEmpty else { return nil }
    rest = rest.dropFirst(name.count)
    return String(decoding: name, as: UTF8.self)
  }

  /// `='…'` to the end of the line; a quote inside is `'\''`.
  mutating func value() throws(HostHeaderFault) -> String {
    guard skip("='") else { throw .syntax(line: line) }
    var bytes: [UInt8] = []
    while true {
      let piece = rest.prefix { $0 != UInt8(ascii: "'") }
      bytes += piece
      line += piece.count { $0 == UInt8(ascii: "\n") }
      rest = rest.dropFirst(piece.count)
      if skip(#"'\''"#) {
        bytes.append(UInt8(ascii: "'"))
      } else if skip("'\n") {
        guard let value = String(validating: bytes, as: UTF8.self) else { throw .syntax(line: line) }
        return value
      } else {
        throw .syntax(line: line)
      }
    }
  }

  /// `NAME_N() {` of one of the known names; nothing is taken otherwise.
  mutating func function(of singulars: [String]) -> String? {
    let start = self
    guard let name = name(), skip("() {\n"), let underscore = name.lastIndex(of: "_"),
      singulars.contains(String(name[..<underscore]))
    else {
      self = start
      return nil
    }
    return name
  }
}
