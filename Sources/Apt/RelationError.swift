/// Why an entry of a relation field is not a relation.
public struct RelationError: Error, Equatable, CustomStringConvertible {
  public enum Reason: Error, Equatable {
    case empty
    case syntax
    case packageName(String)
    case architecture(String)
    case noComparison
    case comparison(String)
    case version(VersionError)
    case alternativesNotAllowed
    case providesNeedsEqual
  }
  /// Counted from 0.
  public let entry: Int
  public let text: String
  public let reason: Reason

  public var description: String {
    switch reason {
    case .empty: "empty relation"
    case .syntax: "'\(text)' is not a relation, such as 'libc6 (>= 2.36)'"
    case .packageName(let name): "'\(name)' in '\(text)' is not a package name"
    case .architecture(let name): "'\(name)' in '\(text)' is not an architecture"
    case .noComparison: "no comparison before the version in '\(text)': one of '<<', '<=', '=', '>=', '>>'"
    case .comparison(let sign): "'\(sign)' in '\(text)' is not one of '<<', '<=', '=', '>=', '>>'"
    case .version(let error): "\(error) in '\(text)'"
    case .alternativesNotAllowed: "'|' is not allowed here: '\(text)'"
    case .providesNeedsEqual: "a provided version needs '=': '\(text)'"
    }
  }
}
