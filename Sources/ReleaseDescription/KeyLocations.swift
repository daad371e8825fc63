import Yams

/// Where the keys of a release description stand, for whoever blames one of them after the description was read.
public struct KeyLocations: Sendable, Equatable {
  /// The children by the words of a path: `steps`, `[0]`.
  private struct Place: Sendable, Equatable {
    var position: Position
    var children: [String: Place] = [:]
  }
  private var root: Place

  init(_ node: Node?) { root = node.map { Self.place($0, at: .start) } ?? Place(position: .start) }

  /// The place of a key such as `steps[0].undo`, counted from 0; of its nearest parent that is written when it is not.
  ///
  /// - Returns: nil when not even the first word of it is written.
  public func position(of key: String) -> Position? {
    var place = root
    var rest = Substring(key)
    var found: Position?
    while let (child, after) = Self.child(of: place, rest) {
      found = child.position
      place = child
      rest = after.first == "." ? after.dropFirst() : after
    }
    return found
  }

  /// The child that `path` begins with, and what follows it. A key may itself hold a dot (`termux.deb`): the longest wins.
  private static func child(of place: Place, _ path: Substring) -> (Place, Substring)? {
    let names = place.children.keys.filter { name in
      guard !name.isEmpty, path.hasPrefix(name) else { return false }
      return path.dropFirst(name.count).first.map { $0 == "." || $0 == "[" } ?? true
    }
    guard let name = names.max(by: { $0.count < $1.count }), let child = place.children[name] else { return nil }
    return (child, path.dropFirst(name.count))
  }

  private static func place(_ node: Node, at position: Position) -> Place {
    var place = Place(position: position)
    switch node {
    case .mapping(let mapping):
      for (key, value) in mapping {
        guard case .scalar(let scalar) = key, !Duplicates.isRenamed(scalar.string) else { continue }
        place.children[scalar.string] = Self.place(value, at: key.position)
      }
    case .sequence(let sequence):
      for (index, item) in sequence.enumerated() {
        place.children["[\(index)]"] = Self.place(item, at: item.position)
      }
    case .scalar, .alias: break
    }
    return place
  }
}

extension ReleaseReader {
  /// Where the keys of a description stand. Of one that is no YAML, or more than a tree, no key is known.
  ///
  /// - Throws: when the file cannot be read.
  public func locations(file: String) throws(UnreadableFile) -> KeyLocations {
    locations(try bytes(of: file))
  }

  /// The same for bytes in hand.
  public func locations(_ bytes: [UInt8]) -> KeyLocations {
    var reading = Reading(file: "", surroundings: surroundings)
    return KeyLocations(reading.document(bytes))
  }
}
