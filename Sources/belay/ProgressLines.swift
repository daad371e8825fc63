import Foundation
import Rehearsal
import Synchronization

/// What a rehearsal tells while it runs: one line that changes on a terminal, lines now and then elsewhere.
final class ProgressLines: Sendable {
  private struct State {
    var began = ContinuousClock.now
    var done = 0
    var failed = 0
    var count = 0
    var running: [String] = []
    var lastLine = ContinuousClock.now
  }
  private let state = Mutex(State())
  private let isQuiet: Bool
  private let isTerminal: Bool

  init(isQuiet: Bool) {
    self.isQuiet = isQuiet
    isTerminal = isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
  }

  func tell(_ progress: RehearsalProgress) {
    if isQuiet { return }
    switch progress {
    case .preparing(let what): line(what + " ...")
    case .ready(let base, let count, let jobs, let seed):
      state.withLock {
        $0.began = .now
        $0.count = count
      }
      line("base \(base) · \(count) scenarios, \(jobs) hosts at a time, seed \(seed)")
    case .started(let title):
      state.withLock { $0.running.append(title) }
      show()
    case .ended(let result, let done, _):
      let sentence = result.outcome == .failed ? "FAILED  \(result.name): \(result.sentence)" : nil
      state.withLock {
        $0.done = done
        if result.outcome == .failed { $0.failed += 1 }
        if let index = $0.running.firstIndex(of: result.title) { $0.running.remove(at: index) }
      }
      if let sentence { line(Printable.line(sentence)) }
      show()
    case .kept(let scenario, let enter):
      line("the host of \(scenario) is kept until the next rehearsal; enter it: \(enter)")
    }
  }

  func clear() { if isTerminal && !isQuiet { write("\r\u{1b}[K") } }

  private func line(_ text: String) {
    clear()
    Console.message("belay: \(text)")
  }

  /// `[#########---] 84/112  41 s  now: power cut in 'returning'   failed: 1`
  private func show() {
    let text = state.withLock { state -> String? in
      // Without a terminal every ten seconds is enough.
      guard isTerminal || .now - state.lastLine > .seconds(10) else { return nil }
      state.lastLine = .now
      let width = 12
      let filled = state.count > 0 ? state.done * width / state.count : 0
      let bar = String(repeating: "#", count: filled) + String(repeating: "-", count: width - filled)
      let seconds = Int((.now - state.began) / .seconds(1))
      let now = state.running.last.map { "  now: \(Printable.line($0).prefix(50))" } ?? ""
      return "[\(bar)] \(state.done)/\(state.count)  \(seconds) s\(now)"
        + (state.failed > 0 ? "   failed: \(state.failed)" : "")
    }
    guard let text else { return }
    if isTerminal { write("\r\u{1b}[K\(text)") } else { Console.message("belay: \(text)") }
  }

  private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}

/// Text of hosts, fit for a terminal.
private enum Printable {
  static func line(_ text: String) -> String {
    String(text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : Character($0) })
  }
}
