import Apt
import Yams

extension Reading {
  /// The relation fields in deb-control(5)'s order; libapt-pkg reads every entry.
  mutating func relations(_ fields: Fields, _ deb: Fields?) -> [Field<[String]>] {
    let sources: [(name: String, fields: Fields?, key: String)] = [
      ("Pre-Depends", deb, "predepends"), ("Depends", fields, "depends"), ("Recommends", fields, "recommends"),
      ("Suggests", fields, "suggests"), ("Breaks", deb, "breaks"), ("Conflicts", fields, "conflicts"),
      ("Replaces", fields, "replaces"), ("Provides", fields, "provides"),
    ]
    return sources.compactMap { source in
      let entries = source.fields.map { relations($0, source.key, field: source.name) } ?? []
      return entries.isEmpty ? nil : Field(source.name, entries)
    }
  }

  private mutating func relations(_ fields: Fields, _ key: String, field: String) -> [String] {
    var entries: [String] = []
    for node in items(fields, key) {
      guard let text = text(node, "an entry of '\(key)'") else { continue }
      // nFPM expands in these fields, but for `breaks`, and drops what is empty then.
      guard let expanded = key == "breaks" ? text : expand(text, at: node.position) else { continue }
      let entry = expanded.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      if entry.isEmpty { continue }
      do {
        _ = try Relation.parse(entry, form: Relation.Form(field: field))
        if entries.contains(entry) { warning("'\(entry.shortened)' is named twice in '\(key)'", at: node.position) }
        entries.append(entry)
      } catch {
        self.error("\(error)".shortenedMessage, at: node.position)
      }
    }
    return entries
  }
}
