import Yams

/// Durations and sizes, as the description writes them.
enum Quantity {
  /// `250ms 5s 2m 24h 30d`, in milliseconds.
  static func duration(_ text: String) -> Int? {
    quantity(text, units: [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)])
  }

  /// `4096 4096B 4K 512M 1G 1T`, powers of 1024, in bytes.
  static func size(_ text: String) -> Int? {
    quantity(text, units: [("", 1), ("B", 1), ("K", 1 << 10), ("M", 1 << 20), ("G", 1 << 30), ("T", 1 << 40)])
  }

  private static func quantity(_ text: String, units: [(String, Int)]) -> Int? {
    let digits = text.prefix { ("0"..."9").contains($0) }
    // Longer ones cannot be meant, and must not overflow what the host's shell can count.
    guard !digits.isEmpty, digits.count <= 12, let number = Int(digits) else { return nil }
    guard let unit = units.first(where: { $0.0 == text.dropFirst(digits.count) })?.1 else { return nil }
    let (product, overflows) = number.multipliedReportingOverflow(by: unit)
    return overflows || product > 1 << 53 ? nil : product
  }
}

extension Reading {
  /// Milliseconds.
  mutating func duration(_ fields: Fields, _ key: String, atLeast least: Int = 0) -> Int? {
    guard let node = fields[key], let text = text(node, "'\(key)'") else { return nil }
    guard let value = Quantity.duration(text) else {
      let hint = "a whole number and a unit: 250ms, 5s, 2m, 24h, 30d"
      error("'\(key)' must be a duration, found '\(text.shortened)'", at: node.position, hint: hint)
      return nil
    }
    guard value >= least else {
      error("'\(key)' is '\(text)', it must be longer than nothing", at: node.position)
      return nil
    }
    return value
  }

  /// Bytes.
  mutating func size(_ fields: Fields, _ key: String) -> Int? {
    guard let node = fields[key], let text = text(node, "'\(key)'") else { return nil }
    if let value = Quantity.size(text) { return value }
    let hint = "a whole number and a unit, powers of 1024: 64K, 512M, 1G"
    error("'\(key)' must be a size, found '\(text.shortened)'", at: node.position, hint: hint)
    return nil
  }

  /// Seconds since the epoch, from RFC 3339 (nFPM's form): `2026-11-23T12:00:00Z`.
  mutating func time(_ fields: Fields, _ key: String) -> Int? {
    guard let node = fields[key], let text = text(node, "'\(key)'") else { return nil }
    if let seconds = Time.seconds(text) { return seconds }
    let message = "'\(key)' must be a time such as 2026-11-23T12:00:00Z, found '\(text.shortened)'"
    error(message, at: node.position)
    return nil
  }

  /// Permission bits, octal: `0644`, `0o644`, or either in quotes.
  mutating func mode(_ fields: Fields, _ key: String) -> UInt32? {
    guard let node = fields[key], let text = text(node, "'\(key)'") else { return nil }
    let digits = text.hasPrefix("0o") ? text.dropFirst(2) : text.hasPrefix("0") ? text.dropFirst(1) : nil
    if let digits, let value = UInt32(digits, radix: 8), value <= 0o7777, !digits.hasPrefix("+") { return value }
    if digits == nil, !text.isEmpty, text.allSatisfy({ ("0"..."9").contains($0) }) {
      let isOctal = UInt32(text, radix: 8).map { $0 <= 0o7777 } ?? false
      let hint = isOctal ? "write 0\(text)" : "write it in octal, such as 0644"
      error("'\(key)' is decimal: '\(text.shortened)'", at: node.position, hint: hint)
    } else {
      error("'\(key)' must be an octal number from 0 to 07777, found '\(text.shortened)'", at: node.position)
    }
    return nil
  }
}
