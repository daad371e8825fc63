import Yams

/// belay's blocks as read, with the places that the rules need.
struct ReadBelay: Sendable {
  var services: [Located<Service>] = []
  var snapshot = ReadSnapshot()
  var steps: [Located<Step>] = []
  var checks: [Located<Check>] = []
  var fallback = ReadFallback()
  var gates = Gates()
  var contacts: [String] = []
  var notify: [Notification] = []
  var envFile: String?
  var downtimeBudget: Int?
  var probation: Int?
  var confirmWithin: Int?
  var set: PackageSet?

  var value: Belay {
    var belay = Belay()
    belay.services = services.map(\.value)
    belay.snapshot = snapshot.value
    belay.steps = steps.map(\.value)
    belay.checks = checks.map(\.value)
    belay.fallback = fallback.value
    belay.gates = gates
    belay.contacts = contacts
    belay.notify = notify
    belay.envFile = envFile
    belay.downtimeBudget = downtimeBudget
    belay.probation = probation
    belay.confirmWithin = confirmWithin
    belay.set = set
    return belay
  }
}

extension Reading {
  static let belayKeys = [
    "services", "snapshot", "steps", "checks", "fallback", "gates", "contacts", "notify", "env_file",
    "downtime", "set", "probation", "confirm",
  ]
  /// Of the language (design, section 4), built later.
  static let laterBelayKeys = ["wrap", "traffic"]

  /// nil: no block of belay's, a plain package.
  mutating func belay(_ fields: Fields) -> ReadBelay? {
    let present = Self.belayKeys.filter { fields.keyPositions[$0] != nil }
    guard !present.isEmpty else { return nil }
    for key in present where fields[key] == nil || fields[key]?.isEmptyList == true {
      error("'\(key)' has no value", at: fields.keyPositions[key] ?? fields.position)
    }
    var belay = ReadBelay()
    belay.services = services(fields)
    belay.snapshot = snapshot(fields)
    belay.steps = steps(fields)
    belay.checks = checks(fields, "checks", canBeBefore: true)
    belay.fallback = fallback(fields)
    belay.gates = gates(fields)
    belay.contacts = contacts(fields)
    belay.notify = notifications(fields)
    belay.envFile = hostPath(fields, "env_file")
    belay.downtimeBudget = downtimeBudget(fields)
    belay.probation = duration(fields, "probation", atLeast: 1)
    belay.confirmWithin = confirmation(fields)
    belay.set = packageSet(fields)
    aRequiredCheckDecides(belay, fields, firstKey: present[0])
    for key in present { fields[key].map { noLiteralSecrets(in: $0) } }
    return belay
  }

  /// How a confirmation proves that the host can be entered.
  private enum Proof: String, CaseIterable { case newLogin = "new_login" }

  private mutating func confirmation(_ fields: Fields) -> Int? {
    guard let node = fields["confirm"] else { return nil }
    guard let fields = self.fields(node, "'confirm'", Keys(known: ["within", "by"])) else { return nil }
    require(fields, "within")
    let _: Proof? = choice(fields, "by")
    return duration(fields, "within", atLeast: 1)
  }

  private mutating func downtimeBudget(_ fields: Fields) -> Int? {
    guard let node = fields["downtime"] else { return nil }
    guard let fields = self.fields(node, "'downtime'", Keys(known: ["budget"])) else { return nil }
    require(fields, "budget")
    return duration(fields, "budget", atLeast: 1)
  }
}
