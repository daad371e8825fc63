/// Whether a text can be given to Yams at all.
///
/// Its loader recurses, copies an alias's whole value, and hashes every key with all that is in it: with aliases of
/// aliases, or a list in a list in a list, a few hundred bytes keep it busy for hours (measured: `? *a12` after twelve
/// lines of nine aliases does not end; 100,000 times `- ` takes 50 s).
enum Complexity {
  private static let deepest = 100
  /// None is allowed, but that is said with its place; a block of shell text may hold lines that look like some.
  private static let mostAliases = 32

  static func isBearable(_ text: String) -> Bool {
    var indents: [Int] = []
    var brackets = 0
    var aliases = 0
    for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
      var rest = line.drop { $0 == UInt8(ascii: " ") }
      let indent = line.count - rest.count
      if rest.isEmpty { continue }
      while let last = indents.last, last >= indent { indents.removeLast() }
      indents.append(indent)
      var inLine = 0
      while let first = rest.first, "-?".utf8.contains(first), rest.dropFirst().first == UInt8(ascii: " ") {
        rest = rest.dropFirst(2)
        inLine += 1
      }
      brackets = count(line, from: brackets, aliases: &aliases)
      if indents.count + inLine + brackets > deepest || aliases > mostAliases { return false }
    }
    return true
  }

  /// The brackets that are open after the line, at their most; aliases are counted where YAML could see one.
  private static func count(_ line: Substring.UTF8View.SubSequence, from depth: Int, aliases: inout Int) -> Int {
    var depth = depth
    var deepest = depth
    var isAtValue = true
    var before = UInt8(ascii: "\n")
    for byte in line {
      switch byte {
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        depth += 1
        deepest = max(deepest, depth)
        isAtValue = true
      case UInt8(ascii: "]"), UInt8(ascii: "}"): depth = max(0, depth - 1)
      case UInt8(ascii: "*"):
        if isAtValue { aliases += 1 }
        isAtValue = false
      case UInt8(ascii: ","): isAtValue = true
      case UInt8(ascii: " "): isAtValue = isAtValue || "-?:".utf8.contains(before)
      case UInt8(ascii: "-"), UInt8(ascii: "?"), UInt8(ascii: ":"): break
      default: isAtValue = false
      }
      before = byte
    }
    return deepest > Complexity.deepest ? deepest : depth
  }
}
