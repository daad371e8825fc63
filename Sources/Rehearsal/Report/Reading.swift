/// Numbers as people read them, the same in every locale.
enum Reading {
  /// `40 ms`, `0.8 s`, `2m 04s`; of milliseconds.
  static func time(_ milliseconds: Int) -> String {
    if milliseconds == 0 { return "0 s" }
    if milliseconds < 100 { return "\(milliseconds) ms" }
    let tenths = (milliseconds + 50) / 100
    if tenths < 600 { return "\(tenths / 10).\(tenths % 10) s" }
    let seconds = (milliseconds + 500) / 1000
    let minutes = seconds / 60
    if minutes < 60 { return "\(minutes)m \(twoDigits(seconds % 60))s" }
    return "\(minutes / 60)h \(twoDigits(minutes % 60))m"
  }

  /// `640 bytes`, `3.4 MB`, `212 MB`; of bytes.
  static func size(_ bytes: Int) -> String {
    if bytes < 1000 { return "\(bytes) bytes" }
    var unit = 1000
    var names = ["kB", "MB", "GB", "TB"][...]
    // 999.5 kB would be rounded to 1000 kB.
    while names.count > 1, bytes >= unit * 1000 - unit / 2 {
      unit *= 1000
      names.removeFirst()
    }
    let tenths = (bytes + unit / 20) / (unit / 10)
    let number = tenths < 100 ? "\(tenths / 10).\(tenths % 10)" : "\((bytes + unit / 2) / unit)"
    return "\(number) \(names.first ?? "")"
  }

  /// `2026-11-25 20:47 UTC` of `2026-11-25T20:47:37Z`; any other text as it is.
  static func moment(_ text: String) -> String {
    guard text.utf8.count == 20, text.hasSuffix("Z"), text.dropFirst(10).hasPrefix("T") else { return text }
    return "\(text.prefix(10)) \(text.dropFirst(11).prefix(5)) UTC"
  }

  static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

  private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
