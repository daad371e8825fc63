import CAptShim

/// One alternative of a relation field: `libc6:any (>= 2.36)`.
public struct Relation: Sendable, Equatable {
  /// deb-control(5)'s comparison operators.
  public enum Comparison: String, Sendable, CaseIterable {
    case earlier = "<<"
    case earlierOrEqual = "<="
    case equal = "="
    case laterOrEqual = ">="
    case later = ">>"
  }
  public struct Constraint: Sendable, Equatable {
    public let comparison: Comparison
    public let version: DebianVersion
  }
  public let package: String
  /// `any`, or an architecture's name; nil: not written.
  public let architecture: String?
  public let constraint: Constraint?

  /// What deb-control(5) allows in the field that the relation stands in.
  public enum Form: Sendable {
    /// Depends, Pre-Depends, Recommends, Suggests, Enhances.
    case alternatives
    /// Conflicts, Breaks, Replaces: no `|`.
    case single
    /// Provides: no `|`, and `=` only.
    case provided

    /// The form of a field of this name.
    public init(field: String) {
      switch field.lowercased() {
      case "provides": self = .provided
      case "conflicts", "breaks", "replaces": self = .single
      default: self = .alternatives
      }
    }
  }

  /// The entries of a relation field, each with its alternatives.
  ///
  /// libapt-pkg parses; what it lets pass and dpkg or the archive's tools do not is refused afterwards.
  /// - Throws: the first entry that is wrong, counted from 0.
  public static func parse(_ line: String, form: Form = .alternatives) throws(RelationError) -> [[Relation]] {
    var groups: [[Relation]] = []
    for (index, entry) in line.split(separator: ",", omittingEmptySubsequences: false).enumerated() {
      let entry = entry.trimmed
      do {
        groups.append(try alternatives(of: entry, form: form))
      } catch {
        throw RelationError(entry: index, text: entry, reason: error)
      }
    }
    return groups
  }

  private static func alternatives(of entry: String, form: Form) throws(RelationError.Reason) -> [Relation] {
    if entry.isEmpty { throw .empty }
    if entry.utf8.contains(0) { throw .syntax }
    try checkOperators(of: entry)
    let parsed = try parseAlternatives(of: entry)
    if form != .alternatives, parsed.count > 1 { throw .alternativesNotAllowed }
    for relation in parsed where form == .provided {
      if let constraint = relation.constraint, constraint.comparison != .equal { throw .providesNeedsEqual }
    }
    return parsed
  }

  /// Refuses what libapt-pkg reads with a meaning of its own: `(1.0)` as `=`, `(> 1.0)` as `>=`.
  private static func checkOperators(of entry: String) throws(RelationError.Reason) {
    for part in entry.split(separator: "(").dropFirst() {
      let operators = part.drop { $0 == " " || $0 == "\t" }.prefix { "<>=".contains($0) }
      guard Comparison(rawValue: String(operators)) == nil else { continue }
      throw operators.isEmpty ? .noComparison : .comparison(String(operators))
    }
  }

  private static func parseAlternatives(of entry: String) throws(RelationError.Reason) -> [Relation] {
    var raw: [(package: String, comparison: String, version: String)] = []
    var entry = entry
    let isParsed = entry.withUTF8 { bytes in
      guard let start = bytes.characters else { return false }
      let stop = start + bytes.count
      var next = start
      while true {
        var out = capt_relation()
        guard let after = capt_relation_next(next, stop, &out), let package = out.package, let version = out.version,
          let comparison = out.comparison
        else { return false }
        raw.append((String(cString: package), String(cString: comparison), String(cString: version)))
        let hasAlternative = out.has_alternative
        capt_relation_free(&out)
        guard hasAlternative else { return after == stop }
        next = after
      }
    }
    guard isParsed else { throw .syntax }
    var relations: [Relation] = []
    for part in raw { relations.append(try Relation(part.package, part.comparison, part.version)) }
    return relations
  }

  private init(_ name: String, _ comparison: String, _ version: String) throws(RelationError.Reason) {
    let parts = name.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard PackageName.isValid(parts[0]) else { throw .packageName(parts[0]) }
    package = parts[0]
    architecture = parts.count > 1 ? parts[1] : nil
    if let architecture, architecture != "any", !Architecture.isKnown(architecture) {
      throw .architecture(architecture)
    }
    guard !version.isEmpty else {
      constraint = nil
      return
    }
    guard let comparison = Comparison(rawValue: comparison) else { throw .syntax }
    do {
      constraint = Constraint(comparison: comparison, version: try DebianVersion(version))
    } catch {
      throw .version(error)
    }
  }
}

extension Substring {
  fileprivate var trimmed: String {
    let isSpace = { (character: Character) in character.isWhitespace }
    var rest = drop(while: isSpace)
    while let last = rest.last, isSpace(last) { rest.removeLast() }
    return String(rest)
  }
}
