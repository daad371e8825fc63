import Apt
import Yams

extension Reading {
  /// Go's names that Debian spells otherwise (nFPM's table).
  private static let translations = [
    "386": "i386", "arm": "armhf", "arm5": "armel", "arm6": "armhf", "arm7": "armhf", "mips64le": "mips64el",
    "mipsle": "mipsel", "ppc64le": "ppc64el", "s390": "s390x",
  ]
  /// What the kernel and other distributions call them: a frequent slip, worth a hint.
  private static let otherNames = [
    "x86_64": "amd64", "x64": "amd64", "aarch64": "arm64", "i686": "i386", "x86": "i386", "armv7l": "armhf",
    "noarch": "all", "any": "all",
  ]

  /// `deb.arch` as it stands, else `arch` in Go's or Debian's words.
  mutating func architecture(_ fields: Fields, _ deb: Fields?) -> String? {
    let written = expandedLine(fields, "arch")
    if let deb, deb["arch"] != nil {
      return line(deb, "arch").flatMap { known($0, at: deb.position(of: "arch")) }
    }
    require(fields, "arch")
    return written.flatMap { known(Self.translations[$0] ?? $0, at: fields.position(of: "arch")) }
  }

  private mutating func known(_ name: String, at position: Position) -> String? {
    if Architecture.isKnown(name) { return name }
    let candidates = Architecture.known + Self.translations.keys.sorted()
    let near = Self.otherNames[name] ?? Spelling.nearest(to: name, among: candidates)
    let question = near.map { ", did you mean '\($0)'?" } ?? ""
    error("'\(name.shortened)' is not an architecture\(question)", at: position)
    return nil
  }
}
