/// Why a program gave no answer.
public enum ToolError: Error, Sendable, Equatable {
  /// The program is not there, or may not be executed.
  case notFound(String)
  /// It could not be started, fed or read; `reason` is the system's.
  case unusable(String, reason: String)
  /// It ran longer than `seconds` and was killed with its process group.
  case timedOut(String, seconds: Double)
  /// A signal ended it.
  case signalled(String, signal: Int32, errorTail: String)
  /// It ended with an exit code that is no answer.
  case failed(String, code: Int32, errorTail: String)
}

extension ToolError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notFound(let program): return "'\(program)' was not found"
    case .unusable(let program, let reason): return "'\(program)' could not be run: \(reason)"
    case .timedOut(let program, let seconds): return "'\(program)' was killed after \(seconds) s"
    case .signalled(let program, let signal, let tail):
      return "'\(program)' was ended by signal \(signal)" + Self.appendix(tail)
    case .failed(let program, let code, let tail):
      return "'\(program)' ended with exit code \(code)" + Self.appendix(tail)
    }
  }

  /// The last line that says something: what came before it is context for a log, not for a sentence.
  private static func appendix(_ tail: String) -> String {
    let lines = tail.split(whereSeparator: \.isNewline).filter { $0.contains { !$0.isWhitespace } }
    return lines.last.map { ": \($0)" } ?? ""
  }
}
