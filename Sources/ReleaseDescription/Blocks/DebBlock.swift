import Apt
import Yams

extension Reading {
  /// The block `deb`; its parts are read where they belong.
  mutating func deb(_ fields: Fields) -> Fields? {
    let keys = Keys(
      known: ["arch", "predepends", "breaks", "fields", "compression"],
      later: ["arch_variant", "scripts", "triggers", "signature"], path: "deb.", nullIsAbsent: true)
    return fields["deb"].flatMap { self.fields($0, "'deb'", keys) }
  }

  /// Control fields that are made from other keys, in lower case.
  private static let ownFields: Set<String> = [
    "package", "version", "architecture", "section", "priority", "maintainer", "description", "homepage",
    "installed-size", "depends", "pre-depends", "recommends", "suggests", "breaks", "conflicts", "replaces", "provides",
  ]

  /// `deb.fields`: further control fields, in the order of the file.
  mutating func debFields(_ deb: Fields) -> [Field<String>] {
    guard let node = deb["fields"] else { return [] }
    guard case .mapping(let mapping) = node else {
      error("expected a mapping for 'fields', found \(node.kind)", at: node.position)
      return []
    }
    var fields: [Field<String>] = []
    for (key, value) in mapping {
      guard let name = line(key, "the name of a control field"), !Duplicates.isRenamed(name), !value.isNull else {
        continue
      }
      if name.wholeMatch(of: /[A-Za-z][A-Za-z0-9\-]*/) == nil {
        error("'\(name.shortened)' cannot name a control field", at: key.position)
      } else if Self.ownFields.contains(name.lowercased()) {
        error("the control field '\(name)' is made from another key", at: key.position)
      } else if fields.contains(where: { $0.name.lowercased() == name.lowercased() }) {
        error("the control field '\(name)' is given twice", at: key.position)
      } else if let text = text(value, "'\(name)'"), let expanded = expand(text, at: value.position),
        let line = line(Node.scalar(.init(expanded, .implicit, .any, value.mark)), "'\(name)'")
      {
        knownField(name, line, at: value.position)
        fields.append(Field(name, line))
      }
    }
    return fields
  }

  /// The fields that dpkg and apt act upon.
  private mutating func knownField(_ name: String, _ value: String, at position: Position) {
    let words: [String: [String]] = [
      "multi-arch": ["no", "same", "foreign", "allowed"], "essential": ["yes", "no"], "protected": ["yes", "no"],
    ]
    if let allowed = words[name.lowercased()], !allowed.contains(value) {
      let hint = "one of \(allowed.joined(separator: " | "))"
      error("'\(name)' cannot be '\(value.shortened)'", at: position, hint: hint)
    }
    guard ["enhances", "built-using", "static-built-using"].contains(name.lowercased()) else { return }
    do {
      _ = try Relation.parse(value)
    } catch {
      self.error("\(error)".shortenedMessage, at: position)
    }
  }

  /// `deb.compression`: `gzip|xz|zstd|none[:level]`.
  mutating func compression(_ deb: Fields?) -> Compression {
    guard let deb, let text = line(deb, "compression") else { return .standard }
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let position = deb.position(of: "compression")
    guard let algorithm = Compression.Algorithm(rawValue: parts[0]) else {
      let names = Compression.Algorithm.allCases.map(\.rawValue)
      let question = Spelling.nearest(to: parts[0], among: names).map { ", did you mean '\($0)'?" } ?? ""
      error(
        "'compression' cannot be '\(text.shortened)'\(question)", at: position,
        hint: "one of \(names.joined(separator: " | ")), with a level where wanted: zstd:19")
      return .standard
    }
    guard parts.count > 1 else { return Compression(algorithm, level: algorithm.standardLevel) }
    // nFPM's names for zstd's levels (klauspost/compress).
    let named = ["fastest": 1, "default": 3, "better": 7, "best": 11]
    let level = algorithm == .zstd ? named[parts[1]] ?? Int(parts[1]) : Int(parts[1])
    guard let level, algorithm.levels.contains(level), !parts[1].hasPrefix("+") else {
      let range = algorithm.levels
      let wanted = algorithm == .none ? "no level" : "a level from \(range.lowerBound) to \(range.upperBound)"
      error("compression '\(algorithm.rawValue)' takes \(wanted), found '\(parts[1].shortened)'", at: position)
      return .standard
    }
    return Compression(algorithm, level: level)
  }
}
