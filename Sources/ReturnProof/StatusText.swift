/// Paragraphs as dpkg's status and apt's lists have them.
enum StatusText {
  static func text(_ stanzas: [Stanza]) -> String { stanzas.map { $0.text + "\n\n" }.joined() }

  /// As dpkg's status has it.
  static func installed(_ text: String, as state: String = "installed") -> String {
    let fields = ["Status", "Filename", "Size", "MD5sum", "SHA1", "SHA256", "SHA512"]
    var lines = without(fields, text).split(separator: "\n").map(String.init)
    let place = (lines.firstIndex { $0.hasPrefix("Package:") } ?? -1) + 1
    lines.insert("Status: install ok \(state)", at: place)
    return lines.joined(separator: "\n")
  }

  static func without(_ fields: [String], _ text: String) -> String {
    var kept: [Substring] = []
    var isDropped = false
    for line in text.split(separator: "\n") {
      if line.first != " ", line.first != "\t" { isDropped = fields.contains { line.hasPrefix($0 + ":") } }
      if !isDropped { kept.append(line) }
    }
    return kept.joined(separator: "\n")
  }
}
