/// Why a root gives no answer.
public struct ProofError: Error, CustomStringConvertible {
  public enum Kind: Sendable {
    /// The root or the package is not good.
    case notGood
    /// Something of ours could not be read or written.
    case couldNot
  }
  public let kind: Kind
  public let description: String

  init(_ description: String, kind: Kind = .notGood) {
    self.kind = kind
    self.description = description
  }
}
