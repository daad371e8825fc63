/// POSIX sh text, made of assignments of single-quoted values and of nothing else.
///
/// The only place in the project that quotes for the shell.
struct ShellText {
  private(set) var text = ""
  private var indentation = ""

  /// Between single quotes every byte but the quote itself stands for itself; NUL cannot be said at all.
  static func quoted(_ value: String, field: String) throws(PackagingError) -> String {
    if value.utf8.contains(0) { throw .nul(field: field) }
    var quoted = "'"
    // By unicode scalars: a quote followed by a combining mark is one Character and not equal to "'".
    for scalar in value.unicodeScalars {
      if scalar == "'" { quoted += #"'\''"# } else { quoted.unicodeScalars.append(scalar) }
    }
    return quoted + "'"
  }

  mutating func assign(_ name: String, _ value: String) throws(PackagingError) {
    text += "\(indentation)\(name)=\(try Self.quoted(value, field: name))\n"
  }

  mutating func assign(_ name: String, _ value: Int) { text += "\(indentation)\(name)='\(value)'\n" }
  mutating func assign(_ name: String, _ value: Bool) { text += "\(indentation)\(name)='\(value)'\n" }

  /// A newline-separated list.
  mutating func assign(_ name: String, lines: [String]) throws(PackagingError) {
    try assign(name, lines.joined(separator: "\n"))
  }

  /// `belay_PLURAL='COUNT'` and one function for each item, numbered from 1, that sets the item's variables.
  mutating func functions<Item>(
    _ singular: String, plural: String, _ items: [Item],
    body: (inout ShellText, Item) throws(PackagingError) -> Void
  ) throws(PackagingError) {
    assign("belay_\(plural)", items.count)
    for (index, item) in items.enumerated() {
      text += "\(singular)_\(index + 1)() {\n"
      indentation = "  "
      try body(&self, item)
      indentation = ""
      text += "}\n"
    }
  }
}
