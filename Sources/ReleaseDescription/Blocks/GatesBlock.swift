import Yams

extension Reading {
  mutating func gates(_ fields: Fields) -> Gates {
    var gates = Gates()
    let keys = Keys(
      known: ["free_space", "window", "backup", "checks"], later: ["approvals", "rehearsed", "operators"],
      path: "gates.")
    guard let node = fields["gates"], let fields = self.fields(node, "the gates", keys) else { return gates }
    gates.freeSpace = size(fields, "free_space")
    gates.window = fields["window"].flatMap { window($0) }
    gates.backup = fields["backup"].flatMap { backup($0) }
    gates.checks = checks(fields, "checks").map(\.value)
    return gates
  }

  private mutating func backup(_ node: Node) -> Backup? {
    let keys = Keys(known: ["path", "max_age", "min_size", "verify"])
    guard let fields = fields(node, "the backup gate", keys) else { return nil }
    require(fields, "path")
    require(fields, "max_age")
    let path = hostPath(fields, "path")
    let maxAge = duration(fields, "max_age", atLeast: 1)
    if let maxAge, maxAge < 1_000 { error("'max_age' must be at least 1s", at: fields.position(of: "max_age")) }
    let minSize = size(fields, "min_size") ?? 1
    let verify = command(fields, "verify")
    if let verify { verifyCanFail(verify, of: "the backup gate", at: fields.position(of: "verify")) }
    guard let path, let maxAge else { return nil }
    return Backup(path: path, maxAge: maxAge / 1_000, minSize: minSize, verify: verify)
  }
}
