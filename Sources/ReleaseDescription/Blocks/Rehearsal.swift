import Apt
import Yams

extension Reading {
  /// Read whether or not the package gets a way back: a plain one can be rehearsed too.
  static let rehearsalKey = "rehearsal"

  mutating func rehearsal(_ fields: Fields) -> RehearsalBlock? {
    guard let position = fields.keyPositions[Self.rehearsalKey] else { return nil }
    guard let node = fields[Self.rehearsalKey] else {
      error("'\(Self.rehearsalKey)' has no value", at: position)
      return nil
    }
    guard let fields = self.fields(node, "the rehearsal", Keys(known: ["include", "before", "allow"])) else {
      return nil
    }
    var rehearsal = RehearsalBlock()
    rehearsal.include = included(fields)
    rehearsal.before = before(fields)
    for node in items(fields, "allow") {
      guard let allowed = allowed(node) else { continue }
      if rehearsal.allow.contains(where: { $0.path == allowed.path }) {
        error("'\(allowed.path.shortened)' is allowed twice", at: node.position)
      }
      rehearsal.allow.append(allowed)
    }
    return rehearsal
  }

  private mutating func included(_ fields: Fields) -> [String] {
    var names: [String] = []
    for name in lines(fields, "include") {
      if !PackageName.isValid(name.value) {
        error("'\(name.value.shortened)' is not a package name", at: name.position)
      } else if names.contains(name.value) {
        error("package '\(name.value)' is named twice", at: name.position)
      }
      names.append(name.value)
    }
    return names
  }

  /// A source like those of `contents`: no symlink may lead out of the tree.
  private mutating func before(_ fields: Fields) -> RehearsalBlock.Before? {
    guard let path = line(fields, "before") else { return nil }
    let hint = "name the file itself"
    guard inTree(absolute(path), path, at: fields.position(of: "before"), hint: hint) != nil else { return nil }
    // It runs on a host of the rehearsal's own, with whatever `include` brings there.
    return script(fields, "before", isPlain: true).map { RehearsalBlock.Before(path: path, script: $0) }
  }

  private mutating func allowed(_ node: Node) -> RehearsalBlock.Allowed? {
    guard let fields = fields(node, "an entry of 'allow'", Keys(known: ["path", "why"])) else { return nil }
    require(fields, "path")
    require(fields, "why")
    let path = hostPath(fields, "path")
    let why = line(fields, "why")
    if let path, path.allSatisfy({ "/*".contains($0) }) {
      error("'\(path.shortened)' would allow everything", at: fields.position(of: "path"))
    }
    guard let path, let why else { return nil }
    return RehearsalBlock.Allowed(path: path, why: why)
  }
}
