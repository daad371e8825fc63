import Yams

extension Reading {
  mutating func steps(_ fields: Fields) -> [Located<Step>] {
    var steps: [Located<Step>] = []
    for node in items(fields, "steps") {
      guard let step = step(node) else { continue }
      if steps.contains(where: { $0.value.name == step.name }) {
        error("two steps are named '\(step.name)'", at: node.position)
      }
      steps.append(Located(value: step, position: node.position))
    }
    return steps
  }

  private mutating func step(_ node: Node) -> Step? {
    let keys = Keys(known: ["name", "stage", "unless", "run", "undo", "timeout", "user"])
    guard var fields = fields(node, "a step", keys) else { return nil }
    require(fields, "name")
    let name = line(fields, "name")
    if let name { fields.what = "step '\(name)'" }
    require(fields, "run")
    require(fields, "undo", hint: "a command, or compatible, or (in stage committed) impossible")
    let stage: Step.Stage = choice(fields, "stage") ?? .stopped
    let unless = command(fields, "unless")
    let run = command(fields, "run")
    let undo = undo(fields, stage)
    let timeout = duration(fields, "timeout", atLeast: 1) ?? Defaults.commandTimeout
    let user = user(fields, "user")
    guard let name, let run, let undo else { return nil }
    return Step(name: name, stage: stage, unless: unless, run: run, undo: undo, timeout: timeout, user: user)
  }

  private mutating func undo(_ fields: Fields, _ stage: Step.Stage) -> Step.Undo? {
    guard let node = fields["undo"] else { return nil }
    guard case .scalar(let scalar) = node else { return command(node, "'undo'").map(Step.Undo.command) }
    switch scalar.string {
    case "compatible": return .compatible
    case "impossible":
      if stage != .committed {
        let hint = "what cannot be undone may run only when nothing can be taken back any more"
        error(
          "'undo: impossible' is allowed in stage 'committed' only, \(fields.what) is '\(stage.rawValue)'",
          at: node.position, hint: hint)
      }
      return .impossible
    default: return command(node, "'undo'").map(Step.Undo.command)
    }
  }

  /// A login name, as useradd(8) makes them on Debian.
  mutating func user(_ fields: Fields, _ key: String) -> String? {
    guard let name = line(fields, key) else { return nil }
    let isName = name.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_.\-]{0,31}/) != nil
    if !isName { error("'\(name.shortened)' is not a user or group name", at: fields.position(of: key)) }
    return isName ? name : nil
  }
}

/// Defaults of design section 4, milliseconds.
enum Defaults {
  static let commandTimeout = 600_000
  static let checkTimeout = 30_000
}
