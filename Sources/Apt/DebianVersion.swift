import CAptShim

/// A version as deb-version(7) allows it, ordered as dpkg orders it.
///
/// Two texts may be equal as versions: `1.0` and `0:1.0-0`.
public struct DebianVersion: Sendable, Comparable, CustomStringConvertible {
  public let description: String

  /// - Throws: when the text breaks deb-version(7). libapt-pkg orders anything and checks nothing, so the check is here.
  public init(_ text: String) throws(VersionError) {
    if let reason = VersionError.reason(against: text) { throw VersionError(text: text, reason: reason) }
    description = text
  }

  /// libapt-pkg's order of any two texts, checked or not: negative, zero, positive.
  public static func compare(_ left: String, _ right: String) -> Int {
    var left = left
    var right = right
    return left.withUTF8 { left in
      right.withUTF8 { right in
        // An empty String may have no address; what it points to is never read.
        withUnsafePointer(to: CChar(0)) { empty in
          Int(capt_compare_versions(left.characters ?? empty, left.count, right.characters ?? empty, right.count))
        }
      }
    }
  }

  public static func == (left: Self, right: Self) -> Bool { compare(left.description, right.description) == 0 }
  public static func < (left: Self, right: Self) -> Bool { compare(left.description, right.description) < 0 }
}

extension UnsafeBufferPointer<UInt8> {
  var characters: UnsafePointer<CChar>? { UnsafeRawPointer(baseAddress)?.assumingMemoryBound(to: CChar.self) }
}

/// Why a text is not a Debian version.
public struct VersionError: Error, Equatable, CustomStringConvertible {
  public enum Reason: Sendable, Equatable {
    case empty
    case epoch
    case noUpstreamVersion
    case startsWithoutDigit
    case emptyRevision
    case character(Character)
  }
  public let text: String
  public let reason: Reason

  public var description: String {
    switch reason {
    case .empty: "a version must not be empty"
    case .epoch: "the epoch of version '\(text)' is not a number from 0 to 2147483647"
    case .noUpstreamVersion: "version '\(text)' has an epoch and nothing after it"
    case .startsWithoutDigit: "version '\(text)' does not start with a digit"
    case .emptyRevision: "version '\(text)' ends with '-': the revision is empty"
    case .character(let character): "version '\(text)' contains '\(character.printable)'"
    }
  }

  static func reason(against text: String) -> Reason? {
    guard !text.isEmpty else { return .empty }
    var rest = Substring(text)
    if let colon = text.firstIndex(of: ":") {
      let epoch = text[..<colon]
      guard epoch.utf8.allSatisfy({ (0x30...0x39).contains($0) }), Int32(epoch) != nil else { return .epoch }
      rest = text[text.index(after: colon)...]
      if rest.isEmpty { return .noUpstreamVersion }
    }
    guard let first = rest.first, ("0"..."9").contains(first) else { return .startsWithoutDigit }
    if rest.last == "-" { return .emptyRevision }
    let isAllowed = { (character: Character) in
      character.isASCII && (character.isLetter || character.isNumber || ".+-~:".contains(character))
    }
    return rest.first { !isAllowed($0) }.map { .character($0) }
  }
}

extension Character {
  /// Itself, or its escape when it would disturb the line it is printed in.
  var printable: String {
    unicodeScalars.map { $0.properties.generalCategory == .control ? $0.escaped(asASCII: true) : String($0) }.joined()
  }
}
