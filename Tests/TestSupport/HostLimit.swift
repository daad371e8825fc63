/// Lets only so many hosts run at once: the tests all start together, the machine has few cores.
actor HostLimit {
  private var free: Int
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(_ count: Int) { free = count }

  func enter() async {
    if free > 0 {
      free -= 1
      return
    }
    await withCheckedContinuation { waiting.append($0) }
  }

  func leave() {
    if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
  }
}

/// What a test does with its host most of the time.
public enum HostLoad: Sendable {
  /// It computes: apt, dpkg, a database.
  case busy
  /// It waits: for a timer, a lock, a probation.
  case waiting
  /// It computes on a processor that is emulated: the machine's cores are enough for one.
  case emulated

  private static let busyLimit = HostLimit(2)
  private static let waitingLimit = HostLimit(6)
  private static let emulatedLimit = HostLimit(1)

  var limit: HostLimit {
    switch self {
    case .busy: return Self.busyLimit
    case .waiting: return Self.waitingLimit
    case .emulated: return Self.emulatedLimit
    }
  }
}
