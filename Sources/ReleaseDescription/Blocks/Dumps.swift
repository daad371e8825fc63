import Yams

extension Reading {
  mutating func dump(_ node: Node) -> Dump? {
    let keys = Keys(known: ["name", "save", "verify", "restore", "user", "restore_when", "timeout"])
    guard var fields = fields(node, "a dump", keys) else { return nil }
    for key in ["name", "save", "verify"] { require(fields, key) }
    guard let name = fileSafeName(fields, "name") else { return nil }
    fields.what = "dump '\(name)'"
    let restoreWhen = restoreWhen(fields, isConfiguration: false)
    let save = command(fields, "save")
    let verify = command(fields, "verify")
    let restore = command(fields, "restore")
    if let restoreWhen, restoreWhen != .never { require(fields, "restore") }
    let user = user(fields, "user")
    let timeout = duration(fields, "timeout", atLeast: 1) ?? Defaults.commandTimeout
    if let verify { verifyCanFail(verify, of: fields.what, at: fields.position(of: "verify")) }
    guard let save, let verify else { return nil }
    return Dump(
      name: name, save: save, verify: verify, restore: restore, user: user, restoreWhen: restoreWhen ?? .never,
      timeout: timeout)
  }

  /// A name that also names a file on the host.
  mutating func fileSafeName(_ fields: Fields, _ key: String) -> String? {
    guard let name = line(fields, key) else { return nil }
    let isAllowed = { (character: Character) in
      character.isASCII && (character.isLetter || character.isNumber || "._-".contains(character))
    }
    guard name.allSatisfy(isAllowed), !name.hasPrefix("."), !name.hasPrefix("-"), name.utf8.count <= 64 else {
      let hint = "letters, digits, '.', '_' and '-', at most 64: it names a file"
      error("'\(name.shortened)' cannot name \(fields.what)", at: fields.position(of: key), hint: hint)
      return nil
    }
    return name
  }
}
