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
    guard Self.nestingIsBearable(text) else {
      error("the description is nested too deeply", at: .start)
      return nil
    }
    var duplicates = Duplicates(text: text)
    let root: Node?
    let parser: Parser?
    do throws(Finding) {
      (root, parser) = try duplicates.compose(file: file)
    } catch {
      findings.append(error)
      return nil
    }
    for duplicate in duplicates.found {
      error(
        "duplicate key '\(duplicate.key.shortened)', first in line \(duplicate.first.line)", at: duplicate.position)
    }
    guard let root, !root.isNull else {
      error("the description is empty", at: .start)
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
      error("the description has \(bytes.count) bytes, at most \(Self.largestFile) are read", at: .start)
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
    if String(validating: bytes, as: UTF8.self) != nil { return nil }
    var low = 0
    var high = bytes.count
    // The longest valid prefix, to within the last, possibly cut, character.
    while low < high {
      let middle = (low + high + 1) / 2
      let cut = bytes[..<middle]
      let isValid = (0...3).contains { String(validating: cut.dropLast($0), as: UTF8.self) != nil }
      if isValid { low = middle } else { high = middle - 1 }
    }
    return max(0, low - 1)
  }

  static func position(of index: Int, in bytes: [UInt8]) -> Position {
    let before = bytes[..<index]
    let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    let line = before.reduce(1) { $1 == 0x0A ? $0 + 1 : $0 }
    return Position(
      line: line, column: String(decoding: bytes[lineStart..<index], as: UTF8.self).unicodeScalars.count + 1)
  }

  /// The loader recurses; brackets and indentation bound how deep it can get.
  private static func nestingIsBearable(_ text: String) -> Bool {
    var depth = 0
    var deepest = 0
    for byte in text.utf8 {
      if byte == UInt8(ascii: "[") || byte == UInt8(ascii: "{") { depth += 1 }
      if byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}") { depth = max(0, depth - 1) }
      deepest = max(deepest, depth)
    }
    return deepest < 256
  }
}

/// Looks for what makes a YAML document more than a tree of text.
private struct PlainTree {
  var refusals: [Located<String>] = []
  private var seen: Set<Position> = []

  mutating func walk(_ node: Node, isKey: Bool = false) {
    if let anchor = node.anchor {
      refuse("anchors and aliases are not read: '&\(anchor.rawValue)'", node)
      // Not descended: an alias repeats all of it, and aliases in aliases have no bound.
      return
    }
    switch node {
    case .scalar(let scalar):
      // Yams gives keys their tags by itself, to compare them, and quoted text the tag of text: what was written there
      // cannot be told any more, and changes nothing.
      let isImplied = isKey || scalar.style != .plain
      if !isImplied || !scalar.tag.rawValue.hasPrefix("tag:yaml.org,2002:") { refuseTag(scalar.tag, node) }
    case .sequence(let sequence):
      refuseTag(sequence.tag, node)
      for item in sequence { walk(item) }
    case .mapping(let mapping):
      refuseTag(mapping.tag, node)
      for (key, value) in mapping {
        if case .scalar(let scalar) = key, scalar.string == "<<" { refuse("merge keys are not read: '<<'", key) }
        walk(key, isKey: true)
        walk(value)
      }
    case .alias: refuse("anchors and aliases are not read", node)
    }
  }

  private mutating func refuseTag(_ tag: Tag, _ node: Node) {
    let name = tag.rawValue
    // libyaml gives quoted scalars the tag `!`-less "non-specific" form; only a written tag has a name.
    if !name.isEmpty && name != "!" { refuse("tags are not read: '\(name)'", node) }
  }

  private mutating func refuse(_ message: String, _ node: Node) {
    if seen.insert(node.position).inserted { refusals.append(Located(value: message, position: node.position)) }
  }
}
