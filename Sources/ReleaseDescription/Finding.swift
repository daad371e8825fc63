/// One thing that is to be said about a release description, and where.
public struct Finding: Error, Sendable, Equatable, Codable {
  public enum Severity: String, Sendable, Codable, Comparable {
    case error, warning, note

    public static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }
    private var rank: Int { [.error, .warning, .note].firstIndex(of: self) ?? 0 }
  }
  public var file: String
  /// From 1.
  public var line: Int
  /// From 1, in Unicode scalars.
  public var column: Int
  public var severity: Severity
  /// Lower case, no period, the offending value in single quotes.
  public var message: String
  /// What to do about it, where that is not obvious.
  public var hint: String?

  public init(
    file: String, line: Int, column: Int, severity: Severity, message: String, hint: String? = nil
  ) {
    self.file = file
    self.line = line
    self.column = column
    self.severity = severity
    self.message = message
    self.hint = hint
  }
}

extension Finding: CustomStringConvertible {
  /// `file:line:column: error: message`, the hint on a line of its own.
  public var description: String {
    "\(file):\(line):\(column): \(severity.rawValue): \(message)" + (hint.map { "\n  hint: \($0)" } ?? "")
  }
}

/// A place in the release description.
public struct Position: Sendable, Equatable, Hashable {
  /// From 1.
  public var line: Int
  /// From 1, in Unicode scalars.
  public var column: Int
  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }
  static let start = Position(line: 1, column: 1)
}

/// A value and the place it was written at, for rules that look at several blocks.
struct Located<Value: Sendable>: Sendable {
  var value: Value
  var position: Position
}
