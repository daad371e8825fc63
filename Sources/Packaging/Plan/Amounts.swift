/// Times and sizes as people write them.
enum Amounts {
  /// `1m 30s`, `500ms`; of milliseconds.
  static func duration(_ milliseconds: Int) -> String {
    guard milliseconds > 0 else { return "0s" }
    let units = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1_000, "s"), (1, "ms")]
    var rest = milliseconds
    var parts: [String] = []
    for (size, name) in units where rest >= size {
      parts.append("\(rest / size)\(name)")
      rest %= size
    }
    return parts.joined(separator: " ")
  }

  /// `512 MiB`, or plain bytes where no binary unit divides; of bytes.
  static func size(_ bytes: Int) -> String {
    for (shift, name) in [(40, "TiB"), (30, "GiB"), (20, "MiB"), (10, "KiB")] where bytes >= 1 << shift {
      guard bytes % (1 << shift) == 0 else { continue }
      return "\(bytes >> shift) \(name)"
    }
    return "\(bytes) bytes"
  }

  /// `Mon, Tue`; of date(1)'s %u.
  static func weekdays(_ days: [Int]) -> String {
    let names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    return days.filter { (1...7).contains($0) }.map { names[$0 - 1] }.joined(separator: ", ")
  }

  static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
}
