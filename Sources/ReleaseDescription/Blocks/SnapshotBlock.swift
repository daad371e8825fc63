import Yams

/// The snapshot as read, with the places that the rules need.
struct ReadSnapshot: Sendable {
  var value = Snapshot()
  var pathPositions: [Position] = []
  var dumpPositions: [Position] = []
  var quiescePosition = Position.start
}

extension Reading {
  private enum QuiesceWord: String, CaseIterable { case none, stop }

  mutating func snapshot(_ fields: Fields) -> ReadSnapshot {
    var result = ReadSnapshot()
    let keys = Keys(known: ["paths", "dumps", "quiesce", "quiesce_timeout", "keep", "reserve"])
    guard let node = fields["snapshot"], let fields = self.fields(node, "the snapshot", keys) else { return result }
    for item in items(fields, "paths") {
      guard let path = snapshotPath(item) else { continue }
      result.value.paths.append(path)
      result.pathPositions.append(item.position)
    }
    for item in items(fields, "dumps") {
      guard let dump = dump(item) else { continue }
      if result.value.dumps.contains(where: { $0.name == dump.name }) {
        error("two dumps are named '\(dump.name)'", at: item.position)
      }
      result.value.dumps.append(dump)
      result.dumpPositions.append(item.position)
    }
    result.value.quiesce = quiesce(fields) ?? .none
    result.quiescePosition = fields.position(of: "quiesce")
    if let timeout = duration(fields, "quiesce_timeout", atLeast: 1) { result.value.quiesceTimeout = timeout }
    if let reserve = size(fields, "reserve") { result.value.reserve = reserve }
    keep(fields, &result.value)
    pathsDoNotOverlap(result)
    return result
  }

  private mutating func keep(_ fields: Fields, _ snapshot: inout Snapshot) {
    guard let node = fields["keep"] else { return }
    guard let fields = self.fields(node, "'keep'", Keys(known: ["count", "age"])) else { return }
    if let count = number(fields, "count", in: 1...1_000) { snapshot.keepCount = count }
    if let age = duration(fields, "age", atLeast: 1) {
      if age < 1_000 { error("'age' must be at least 1s", at: fields.position(of: "age")) }
      snapshot.keepAge = age / 1_000
    }
  }

  private mutating func quiesce(_ fields: Fields) -> Quiesce? {
    guard let node = fields["quiesce"] else { return nil }
    if case .mapping = node {
      guard let fields = self.fields(node, "'quiesce'", Keys(known: ["pause", "resume"])) else { return nil }
      require(fields, "pause")
      require(fields, "resume")
      guard let pause = command(fields, "pause"), let resume = command(fields, "resume") else { return nil }
      return .command(pause: pause, resume: resume)
    }
    let word: QuiesceWord? = choice(node, "'quiesce'")
    return word.map { $0 == .stop ? .stop : .none }
  }
}
