/// One word of a command line that a person copies into bash.
///
/// Unlike the header's assignments it has to stay on one line and show what is in it, so a value with a newline, a
/// control character or a bidirectional mark is written as `$'…'` with that character spelled out.
package enum ShellWord {
  package static func quoted(_ value: String) -> String {
    let scalars = value.unicodeScalars
    if !value.isEmpty, scalars.allSatisfy(isPlain) { return value }
    if !scalars.contains(where: Visible.isHidden) {
      return "'" + scalars.map { $0 == "'" ? #"'\''"# : String($0) }.joined() + "'"
    }
    return "$'" + scalars.map(escaped).joined() + "'"
  }

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "_", ".", "/", ":", "=", "@", "%", "+", ",", "-": true
    default: false
    }
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    if scalar == "\n" { return #"\n"# }
    if scalar == "\\" || scalar == "'" { return "\\" + String(scalar) }
    guard Visible.isHidden(scalar) else { return String(scalar) }
    return String(scalar).utf8.map { byte in
      let digits = String(byte, radix: 8)
      return "\\" + String(repeating: "0", count: 3 - digits.count) + digits
    }.joined()
  }
}
