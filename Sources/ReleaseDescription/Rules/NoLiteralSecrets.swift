import Yams

extension Reading {
  /// What stands in a description stands in the package, in its documents and in every repository it passes through.
  mutating func noLiteralSecrets(in node: Node) {
    switch node {
    case .scalar(let scalar):
      guard let secret = Secret.first(in: scalar.string) else { return }
      error(
        "a literal secret: '\(secret)'", at: node.position,
        hint: "put it into the file that 'env_file' names, and write $NAME here")
    case .sequence(let sequence): for item in sequence { noLiteralSecrets(in: item) }
    case .mapping(let mapping): for (_, value) in mapping { noLiteralSecrets(in: value) }
    case .alias: break
    }
  }
}

/// What looks like a password written down.
///
/// Searched by hand: a regular expression with a star in front looks at each letter of 100 kB from each letter before it.
enum Secret {
  private static let names = ["password", "passwd", "passphrase", "secret", "token", "apikey", "api_key", "api-key"]

  /// The beginning of it, without the secret: a message goes to logs too.
  static func first(in text: String) -> String? {
    let bytes = Array(text.utf8)
    for (index, byte) in bytes.enumerated() {
      if byte == UInt8(ascii: "="), let found = assignment(bytes, at: index) { return found }
      if byte == UInt8(ascii: ":"), let found = address(bytes, at: index) { return found }
    }
    return nil
  }

  /// `PASSWORD=x`, but not `PASSWORD=$X`, `PASSWORD=` or `PASSWORD="$(…)"`.
  private static func assignment(_ bytes: [UInt8], at equals: Int) -> String? {
    var start = equals
    while start > 0, equals - start < 40, isNameByte(bytes[start - 1]) { start -= 1 }
    let name = String(decoding: bytes[start..<equals], as: UTF8.self)
    guard names.contains(where: { name.lowercased().hasSuffix($0) }) else { return nil }
    var value = bytes[(equals + 1)...]
    if let quote = value.first, "'\"".utf8.contains(quote) { value = value.dropFirst() }
    guard let first = value.first, !" \t\n\"'$;&|)<>`=".utf8.contains(first) else { return nil }
    return "\(name)=…"
  }

  /// `scheme://user:password@host`, but not `://user:$PASSWORD@`.
  private static func address(_ bytes: [UInt8], at colon: Int) -> String? {
    guard bytes[(colon + 1)...].starts(with: "//".utf8) else { return nil }
    let rest = bytes[(colon + 3)...].prefix { !" \t\n\"'/<>".utf8.contains($0) }.prefix(512)
    guard let at = rest.firstIndex(of: UInt8(ascii: "@")) else { return nil }
    guard let second = rest[..<at].firstIndex(of: UInt8(ascii: ":")), second + 1 < at else { return nil }
    if "${".utf8.contains(bytes[second + 1]) { return nil }
    return "://\(String(decoding: rest[..<second], as: UTF8.self)):…@"
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    let letters = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    return letters || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "_-".utf8.contains(byte)
  }
}
