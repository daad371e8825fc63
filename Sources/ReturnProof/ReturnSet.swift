/// What a run changes that cannot live with the old version: the host program's `return_set`, on the same facts.
struct ReturnSet {
  /// What comes back, our own package first, then by key.
  private(set) var back: [Stanza] = []
  /// What the run newly installs and has to go again.
  private(set) var removed: [Stanza] = []

  private let before: [String: Stanza]
  private let after: [String: Stanza]
  private var named: [String: [String]] = [:]
  private var members: Set<String>

  /// - Parameter run: the keys of what the run changes.
  /// - Parameter declared: names of the release's `set`.
  init(of ours: String, before: [String: Stanza], after: [String: Stanza], run: Set<String>, declared: [String]) {
    self.before = before
    self.after = after
    members = [ours]
    for side in [before, after] {
      for (key, stanza) in side {
        for name in [stanza.name] + stanza.provided.map(\.name) { named[name, default: []].append(key) }
      }
    }
    for member in declared { members.formUnion(run.filter { $0 == member || $0.hasPrefix(member + ":") }) }
    var isGrowing = true
    while isGrowing {
      isGrowing = false
      for key in run.sorted() where !members.contains(key) && goes(key) {
        members.insert(key)
        isGrowing = true
      }
    }
    for key in [ours] + members.subtracting([ours]).sorted() {
      if let old = before[key] { back.append(old) } else if let new = after[key] { removed.append(new) }
    }
  }

  private func isMet(_ group: [Stanza.Atom], _ world: (String) -> Stanza?) -> Bool {
    group.contains { atom in named[atom.name, default: []].contains { world($0)?.matches(atom) ?? false } }
  }

  private func goes(_ key: String) -> Bool {
    let (old, new) = (before[key], after[key])
    let world = { (key: String) in members.contains(key) ? before[key] : after[key] }
    for member in members {
      let (back, came) = (before[member], after[member])
      if let new, let back, Stanza.clash(new, back) { return true }
      if new == nil, let old, let came, Stanza.clash(old, came) { return true }
      guard let back, let old else { continue }
      for group in back.groups("Pre-Depends", "Depends") where !isMet(group, world) {
        if isMet(group, { before[$0] }), isMet(group, { $0 == key ? old : nil }) { return true }
      }
    }
    if let new { return new.groups("Pre-Depends", "Depends").contains { !isMet($0, world) && isMet($0) { after[$0] } } }
    guard let old else { return false }
    return old.groups("Pre-Depends", "Depends").contains { !isMet($0) { after[$0] } && isMet($0, world) }
  }
}
