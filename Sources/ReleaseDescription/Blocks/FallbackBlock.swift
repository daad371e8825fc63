import Apt
import Yams

/// The fallback as read, with the places that the rules need.
struct ReadFallback: Sendable {
  var value = Fallback()
  var to: [Located<String>] = []
}

extension Reading {
  mutating func fallback(_ fields: Fields) -> ReadFallback {
    var read = ReadFallback()
    var result = Fallback()
    let keys = Keys(known: ["to", "sources", "checks", "before", "after", "first_install"])
    guard let node = fields["fallback"], let fields = self.fields(node, "the fallback", keys) else { return read }
    for item in lines(fields, "to", orSingle: true) {
      if let constraint = versionConstraint(item) {
        read.to.append(Located(value: constraint, position: item.position))
      }
    }
    result.to = read.to.map(\.value)
    if fields["sources"] != nil { result.sources = sources(fields) }
    if let node = fields["checks"] {
      if case .scalar(let scalar) = node {
        if scalar.string != "same" {
          error("'checks' of the fallback must be same or a list", at: node.position)
        }
      } else {
        let checks = checks(fields, "checks").map(\.value)
        if !checks.isEmpty, checks.allSatisfy({ $0.severity == .advisory }) {
          error("the fallback has no required check, nothing would judge the old version", at: node.position)
        }
        result.checks = checks
      }
    }
    result.before = commands(fields, "before")
    result.after = commands(fields, "after")
    if let firstInstall: Fallback.FirstInstall = choice(fields, "first_install") { result.firstInstall = firstInstall }
    read.value = result
    return read
  }

  private mutating func sources(_ fields: Fields) -> [Fallback.Source] {
    var sources: [Fallback.Source] = []
    for node in items(fields, "sources") {
      guard let source: Fallback.Source = choice(node, "a source of the way back") else { continue }
      if sources.contains(source) { error("source '\(source.rawValue)' is named twice", at: node.position) }
      sources.append(source)
    }
    return sources
  }

  /// `1.0.0`, or a comparison and a version: `>= 1.2`, normalised to one space.
  private mutating func versionConstraint(_ item: Located<String>) -> String? {
    let match = item.value.wholeMatch(of: /(<<|<=|=|>=|>>)?\s*(\S+)/)
    guard let match else {
      error("'\(item.value.shortened)' is not a version", at: item.position, hint: "1.0.0, or \">= 1.2\"")
      return nil
    }
    do {
      let version = try DebianVersion(String(match.2))
      return match.1.map { "\($0) \(version.description)" } ?? version.description
    } catch {
      self.error("\(error)", at: item.position, hint: "1.0.0, or one of <<, <=, =, >=, >> and a version")
      return nil
    }
  }
}
