import Glibc

/// Removes one file when SIGHUP, SIGINT or SIGTERM ends the process.
struct SignalCleaner {
  private static let signals = [SIGHUP, SIGINT, SIGTERM]
  /// What the handler reads: it may neither allocate nor lock, so it is a C string made beforehand. One package at a
  /// time is written in a process.
  nonisolated(unsafe) private static var path: UnsafeMutablePointer<CChar>?

  init(removing path: String) {
    Self.path = strdup(path)
    for number in Self.signals {
      signal(number) { number in
        if let path = SignalCleaner.path { unlink(path) }
        signal(number, SIG_DFL)
        raise(number)
      }
    }
  }

  func end() {
    for number in Self.signals { signal(number, SIG_DFL) }
    free(Self.path)
    Self.path = nil
  }
}
