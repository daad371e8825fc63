import ReleaseDescription

extension Operation {
  init(_ kind: Kind, _ what: String, _ commands: [PlannedCommand] = [], back: String) {
    self.init(kind: kind, what: what, commands: commands, takenBack: back)
  }
}

extension PlannedCommand {
  /// Commands without a `timeout` of their own get this one (design, section 4).
  static let defaultTimeout = 600_000

  init(_ role: Role, _ command: String, user: String? = nil, timeout: Int = defaultTimeout) {
    self.init(role: role, command: command, user: user, timeout: timeout)
  }
}

/// Why an operation needs no undoing; said in the same words wherever it is true.
enum Back {
  static let readsOnly = "nothing to take back, it only reads"
  static let ownState = "nothing to take back, it lies in belay's own directory"
  static let reinstall = "apt reinstalls the previous .deb"
}
