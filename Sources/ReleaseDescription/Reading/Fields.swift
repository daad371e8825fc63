import Yams

/// The keys a mapping may have.
struct Keys {
  var known: [String]
  /// Part of the description's language, but not built yet: refused, so that nobody relies on them.
  var later: [String] = []
  /// Where the mapping is, for `later`: `gates.`.
  var path = ""
  /// nFPM reads a key without a value as absent; belay's own keys have to say something.
  var nullIsAbsent = false
}

/// A mapping of which every key was looked at.
struct Fields {
  /// For messages: `check 'front page answers'`.
  var what: String
  let position: Position
  fileprivate(set) var values: [String: Node] = [:]
  fileprivate(set) var keyPositions: [String: Position] = [:]

  subscript(key: String) -> Node? { values[key] }

  /// The place of a key's value, else of the mapping.
  func position(of key: String) -> Position { values[key]?.position ?? position }
}

extension Reading {
  /// Takes a mapping apart; every key that is not in `keys` becomes a finding.
  mutating func fields(_ node: Node, _ what: String, _ keys: Keys) -> Fields? {
    guard case .mapping(let mapping) = node else {
      error("expected a mapping for \(what), found \(node.kind)", at: node.position)
      return nil
    }
    var fields = Fields(what: what, position: node.position)
    for (key, value) in mapping {
      guard case .scalar(let scalar) = key else {
        error("a key must be text, found \(key.kind)", at: key.position)
        continue
      }
      let name = scalar.string
      if Duplicates.isRenamed(name) { continue }
      fields.keyPositions[name] = key.position
      if keys.nullIsAbsent && value.isNull && (keys.known + keys.later).contains(name) {
        continue
      } else if keys.later.contains(name) {
        notBuilt("'\(keys.path)\(name)'", at: key.position)
      } else if !keys.known.contains(name) {
        unknownKey(name, at: key.position, keys)
      } else if !keys.nullIsAbsent && (value.isNull || value.isEmptyList) {
        error(value.isNull ? "'\(name)' has no value" : "'\(name)' is an empty list", at: key.position)
      } else {
        fields.values[name] = value
      }
    }
    return fields
  }

  /// The one sentence for everything that belongs to the language and is not there yet.
  mutating func notBuilt(_ what: String, at position: Position) {
    error("\(what) is not built yet", at: position, hint: "this version of belay cannot do it; remove it")
  }

  private mutating func unknownKey(_ name: String, at position: Position, _ keys: Keys) {
    if let near = Spelling.nearest(to: name, among: keys.known + keys.later) {
      error("unknown key '\(name.shortened)', did you mean '\(near)'?", at: position)
    } else {
      let known = keys.known.sorted().joined(separator: ", ")
      error(
        "unknown key '\(name.shortened)'", at: position, hint: keys.known.count <= 16 ? "known here: \(known)" : nil)
    }
  }

  /// The items of a list.
  mutating func items(_ fields: Fields, _ key: String) -> [Node] {
    guard let node = fields[key] else { return [] }
    guard case .sequence(let sequence) = node else {
      error("expected a list for '\(key)', found \(node.kind)", at: node.position)
      return []
    }
    return Array(sequence)
  }
}
