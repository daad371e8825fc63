import Foundation

/// One line on standard error that says how far the work is; only where a person sees it.
struct ProgressBar {
  private let total: Int
  private var shown = ContinuousClock.now
  private var isVisible = false

  /// nil: standard error is no terminal, or one that cannot take a line back; the total is not asked for then.
  init?<Failure>(total: () throws(Failure) -> Int) throws(Failure) {
    guard isatty(STDERR_FILENO) == 1, ProcessInfo.processInfo.environment["TERM"] != "dumb" else { return nil }
    self.total = try total()
  }

  /// Ten times a second at most, so that it costs nothing.
  mutating func show(_ done: Int) {
    guard total > 0, .now - shown > .milliseconds(100) else { return }
    shown = .now
    isVisible = true
    let width = 30
    let filled = min(done, total) * width / total
    let bar = String(repeating: "#", count: filled) + String(repeating: "-", count: width - filled)
    write("\r[\(bar)] \(done >> 20)/\(total >> 20) MiB")
  }

  mutating func clear() {
    if isVisible { write("\r\u{1b}[K") }
    isVisible = false
  }

  private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
