import Yams

extension Reading {
  private enum Output: String, CaseIterable { case none, keep }
  private enum State: String, CaseIterable {
    case committed, returned, held, stranded, refused, unproven, probation
  }

  mutating func notifications(_ fields: Fields) -> [Notification] {
    items(fields, "notify").compactMap { notification($0) }
  }

  private mutating func notification(_ node: Node) -> Notification? {
    guard let fields = fields(node, "a notification", Keys(known: ["run", "on", "output"])) else { return nil }
    require(fields, "run")
    require(fields, "on")
    let run = command(fields, "run")
    var states: [String] = []
    for node in items(fields, "on") {
      guard let state: State = choice(node, "a state", later: ["aborted"]) else { continue }
      if states.contains(state.rawValue) { error("state '\(state.rawValue)' is named twice", at: node.position) }
      states.append(state.rawValue)
    }
    let output: Output = choice(fields, "output") ?? .keep
    guard let run, !states.isEmpty else { return nil }
    return Notification(run: run, on: states, keepsOutput: output == .keep)
  }

  mutating func contacts(_ fields: Fields) -> [String] { lines(fields, "contacts").map(\.value) }
}
