import Yams

/// Looks for what makes a YAML document more than a tree of text.
struct PlainTree {
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
