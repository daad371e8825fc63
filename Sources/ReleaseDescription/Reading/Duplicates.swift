import Yams

/// Composes a document in spite of duplicate keys, and says where each of them is.
///
/// Yams gives up at the first mapping with a duplicate and names the place of the first key, not of the second. So the
/// second is found here, renamed in the text, and the document is composed again: every other finding still comes out.
struct Duplicates {
  struct Duplicate {
    var key: String
    var first: Position
    var position: Position
  }
  /// Each costs a pass over the document.
  private static let most = 300

  private var lines: [[Unicode.Scalar]]
  private(set) var found: [Duplicate] = []

  init(text: String) {
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { Array($0.unicodeScalars) }
  }

  /// A key that was renamed here, and so has been reported.
  static func isRenamed(_ key: String) -> Bool {
    key.unicodeScalars.first.map { $0.value >= 0xF0000 && $0.value < 0xF0000 + UInt32(2 * most) } ?? false
  }

  /// The root node, and the parser that has to outlive it: nodes hold their anchors weakly.
  mutating func compose(file: String, subject: String) throws(Finding) -> (root: Node?, parser: Parser?) {
    while true {
      do {
        return try parse()
      } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
        let complaint = Complaint(key: keys.first ?? "", line: context.mark.line, column: context.mark.column)
        let positions = found.count < Self.most ? rename(complaint) : []
        found += positions.map { Duplicate(key: complaint.key, first: complaint.position, position: $0) }
        if positions.isEmpty {
          throw Finding(
            file: file, line: complaint.line, column: complaint.column, severity: .error,
            message: "duplicate key '\(complaint.key.shortened)'".printable)
        }
      } catch {
        throw Self.finding(error, file, subject)
      }
    }
  }

  private struct Complaint: Equatable {
    var key: String
    var line: Int
    var column: Int
    var position: Position { Position(line: line, column: column) }
  }

  private func parse() throws -> (Node?, Parser?) {
    let text = lines.map { line in
      var scalars = String.UnicodeScalarView()
      scalars.append(contentsOf: line)
      return String(scalars)
    }.joined(separator: "\n")
    let parser = try Parser(yaml: text)
    return (try parser.singleRoot(), parser)
  }

  private func complains(_ complaint: Complaint) -> Bool {
    do {
      _ = try parse()
    } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
      return complaint == Complaint(key: keys.first ?? "", line: context.mark.line, column: context.mark.column)
    } catch {
      return false
    }
    return false
  }

  /// Renames every later place where the key could stand, then takes back those that were not to blame.
  private mutating func rename(_ complaint: Complaint) -> [Position] {
    let places = candidates(complaint).prefix(Self.most)
    let kept = places.map { lines[$0.line - 1][$0.column - 1] }
    for (index, place) in places.enumerated() { lines[place.line - 1][place.column - 1] = replacement(index) }
    var guilty: [Position] = []
    for (index, place) in places.enumerated() {
      lines[place.line - 1][place.column - 1] = kept[index]
      guard complains(complaint) else { continue }
      lines[place.line - 1][place.column - 1] = replacement(index)
      let isQuoted = place.column > 1 && ["'", "\""].contains(lines[place.line - 1][place.column - 2])
      guilty.append(Position(line: place.line, column: place.column - (isQuoted ? 1 : 0)))
    }
    return guilty
  }

  /// Different each time, or the renamed keys would be duplicates of each other.
  private func replacement(_ index: Int) -> Unicode.Scalar {
    Unicode.Scalar(UInt32(0xF0000 + found.count + index)) ?? "\u{F0000}"
  }

  /// Where the key's first character stands.
  private func candidates(_ complaint: Complaint) -> [Position] {
    let name = Array(complaint.key.unicodeScalars)
    guard !name.isEmpty, lines.indices.contains(complaint.line - 1) else { return [] }
    var places: [Position] = []
    for index in (complaint.line - 1)..<lines.count {
      let line = lines[index]
      let start = index == complaint.line - 1 ? complaint.column + name.count - 1 : 0
      guard start + name.count <= line.count else { continue }
      for column in start...(line.count - name.count) where isKey(line, name, at: column) {
        places.append(Position(line: index + 1, column: column + 1))
      }
    }
    return places
  }

  private func isKey(_ line: [Unicode.Scalar], _ name: [Unicode.Scalar], at column: Int) -> Bool {
    guard line[column..<(column + name.count)].elementsEqual(name) else { return false }
    let before = column == 0 ? " " : line[column - 1]
    guard [" ", "{", ",", "'", "\"", "[", "?"].contains(before) else { return false }
    var rest = line[(column + name.count)...]
    if rest.first == "'" || rest.first == "\"" { rest = rest.dropFirst() }
    return rest.first { $0 != " " } == ":"
  }

  private static func finding(_ error: any Error, _ file: String, _ subject: String) -> Finding {
    var position = Position.start
    var message = "\(error)"
    switch error {
    case YamlError.scanner(_, let problem, let mark, _), YamlError.parser(_, let problem, let mark, _),
      YamlError.composer(_, let problem, let mark, _):
      position = Position(line: mark.line, column: mark.column)
      message = problem
    case YamlError.reader(let problem, _, _, _): message = problem
    default: break
    }
    if message == "but found another document" { message = "a second document, a \(subject) is one" }
    return Finding(
      file: file, line: max(1, position.line), column: max(1, position.column), severity: .error,
      message: "not YAML: \(message)".printable)
  }
}
