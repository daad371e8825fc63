import Apt

/// One paragraph of dpkg's status or of a list, and what its relations say of others.
struct Stanza {
  let text: String
  private let fields: [String: String]

  init(_ text: String) {
    self.text = text
    var fields: [String: String] = [:]
    var name = ""
    for line in text.split(separator: "\n") {
      if line.first == " " || line.first == "\t" {
        fields[name]?.append("\n" + line)
      } else if let colon = line.firstIndex(of: ":") {
        name = line[..<colon].lowercased()
        fields[name] = String(line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" })
      }
    }
    self.fields = fields
  }

  subscript(name: String) -> String? { fields[name.lowercased()] }

  var name: String { self["Package"] ?? "" }
  var version: String { self["Version"] ?? "" }
  var architecture: String { self["Architecture"] ?? "all" }
  /// The third word of the status: `installed`, `half-configured`, …
  var state: String { self["Status"]?.split(separator: " ").last.map(String.init) ?? "" }
  var isInstalled: Bool { state != "not-installed" && state != "config-files" && self["Version"] != nil }

  /// As the host program tells packages apart: the name, with its architecture if that is foreign.
  func key(native: String) -> String {
    architecture == native || architecture == "all" ? name : "\(name):\(architecture)"
  }

  /// One alternative, read as the host program reads it: the architecture that it names does not count.
  struct Atom {
    let name: String
    let comparison: String
    let version: String
  }

  /// The entries of fields, each with its alternatives.
  func groups(_ names: String...) -> [[Atom]] {
    names.compactMap { self[$0] }.flatMap { Self.groups(in: $0) }
  }

  static func groups(in field: String) -> [[Atom]] {
    field.split(separator: ",").map { entry in entry.split(separator: "|").compactMap { atom(String($0)) } }
      .filter { !$0.isEmpty }
  }

  private static func atom(_ text: String) -> Atom? {
    guard
      let found = text.prefixMatch(
        of: /\s*([^\s:(\[<]+)(?::[^\s(]+)?\s*(?:\(\s*(<<|<=|=|>=|>>|<|>)\s*([^\s)]+)\s*\))?/)
    else { return nil }
    return Atom(
      name: String(found.1), comparison: found.2.map(String.init) ?? "", version: found.3.map(String.init) ?? "")
  }

  /// The names that a relation can reach this by.
  var provided: [Atom] { groups("Provides").flatMap { $0 } }

  func matches(_ atom: Atom) -> Bool {
    let have: String?
    if atom.name == name {
      have = version
    } else if let provided = provided.first(where: { $0.name == atom.name }) {
      have = provided.version.isEmpty ? nil : provided.version
    } else {
      return false
    }
    if atom.comparison.isEmpty { return true }
    guard let have else { return false }
    let order = DebianVersion.compare(have, atom.version)
    return switch atom.comparison {
    case "<<": order < 0
    case "<=", "<": order <= 0
    case "=": order == 0
    case ">=", ">": order >= 0
    default: order > 0
    }
  }

  /// Whether one of the two cannot be installed beside the other; siblings of two architectures have one version (Multi-Arch: same).
  static func clash(_ left: Stanza, _ right: Stanza) -> Bool {
    guard left.name != right.name else { return left.version != right.version }
    let excludes = { (one: Stanza, other: Stanza) in
      one.groups("Breaks", "Conflicts").contains { $0.contains { other.matches($0) } }
    }
    return excludes(left, right) || excludes(right, left)
  }
}
