import Yams

extension Reading {
  /// Beyond this a description is a mistake or an attack; the largest real one is some 20 kB.
  static let largestFile = 1 << 20

  /// The bytes as one YAML tree, without anchors, tags and second documents.
  ///
  /// Yams expands aliases by value, without a limit, and composing hashes every key; so what is no plain tree is refused
  /// before it is walked.
  mutating func document(_ bytes: [UInt8]) -> Node? {
    guard let text = text(of: bytes) else { return nil }
    guard Complexity.isBearable(text) else {
      error("the \(subject) is nested too deeply, or full of aliases", at: .start)
      return nil
    }
    var duplicates = Duplicates(text: text)
    let root: Node?
    let parser: Parser?
    do throws(Finding) {
      (root, parser) = try duplicates.compose(file: file, subject: subject)
    } catch {
      findings.append(error)
      return nil
    }
    for duplicate in duplicates.found {
      error(
        "duplicate key '\(duplicate.key.shortened)', first in line \(duplicate.first.line)", at: duplicate.position)
    }
    guard let root, !root.isNull else {
      error("the \(subject) is empty", at: .start)
      return nil
    }
    var plain = PlainTree()
    withExtendedLifetime(parser) { plain.walk(root) }
    for refusal in plain.refusals { error(refusal.value, at: refusal.position) }
    return plain.refusals.isEmpty ? root : nil
  }

  /// Valid UTF-8 in the form a Debian control file can carry.
  private mutating func text(of bytes: [UInt8]) -> String? {
    if bytes.count > Self.largestFile {
      error("the \(subject) has \(bytes.count) bytes, at most \(Self.largestFile) are read", at: .start)
      return nil
    }
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      error("the file begins with a byte order mark", at: .start, hint: "save it as UTF-8 without BOM")
      return nil
    }
    if let index = Self.firstInvalidByte(bytes) {
      error("the file is not UTF-8", at: Self.position(of: index, in: bytes))
      return nil
    }
    if let index = bytes.firstIndex(of: 0x0D) {
      error("CRLF line ends", at: Self.position(of: index, in: bytes), hint: "convert it: sed -i 's/\\r$//' \(file)")
      return nil
    }
    let isControl = { (byte: UInt8) in (byte < 0x20 && byte != 0x0A && byte != 0x09) || byte == 0x7F }
    if let index = bytes.firstIndex(where: isControl) {
      let code = String(bytes[index], radix: 16)
      error("control character 0x\(code)", at: Self.position(of: index, in: bytes))
      return nil
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  static func firstInvalidByte(_ bytes: [UInt8]) -> Int? {
    var decoder = Unicode.UTF8()
    var input = bytes.makeIterator()
    var valid = 0
    while true {
      switch decoder.decode(&input) {
      case .scalarValue(let scalar): valid += UTF8.width(scalar)
      case .emptyInput: return nil
      case .error: return valid
      }
    }
  }

  static func position(of index: Int, in bytes: [UInt8]) -> Position {
    let before = bytes[..<index]
    let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    let line = before.reduce(1) { $1 == 0x0A ? $0 + 1 : $0 }
    return Position(
      line: line, column: String(decoding: bytes[lineStart..<index], as: UTF8.self).unicodeScalars.count + 1)
  }
}
