/// Numbers for the names of owners.
///
/// dpkg asks the host for the name first and takes the number only when the host has no such user (dpkg 1.21,
/// lib/dpkg/tarfn.c). So the number matters for hosts without the name, and for who unpacks without dpkg: base-passwd's
/// static numbers, which are the same on every Debian host; 0 for all other names.
enum Owners {
  static func user(_ name: String, mode: UInt32) throws(PackagingError) -> (name: String, id: Int64) {
    try owner(name, in: users, isRisky: mode & 0o4000 != 0)
  }

  static func group(_ name: String, mode: UInt32) throws(PackagingError) -> (name: String, id: Int64) {
    try owner(name, in: groups, isRisky: mode & 0o2000 != 0)
  }

  /// - Parameter isRisky: the entry runs with its owner's rights. Root's must not be what it gets when the name is
  ///   unknown at the unpack, so then the number is nobody's.
  private static func owner(
    _ name: String, in known: [String: Int64], isRisky: Bool
  ) throws(PackagingError) -> (name: String, id: Int64) {
    // 31: the tar header's field less its NUL.
    let isSign = { (byte: UInt8) in (33...126).contains(byte) && byte != UInt8(ascii: ":") }
    guard (1...31).contains(name.utf8.count), name.utf8.allSatisfy(isSign) else { throw .owner(name) }
    if name.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
      guard let id = Int64(name), id < 1 << 32 - 1 else { throw .owner(name) }
      return ("", id)
    }
    return (name, known[name] ?? (isRisky ? nobody : 0))
  }

  private static let nobody: Int64 = 65534

  private static let users: [String: Int64] = [
    "root": 0, "daemon": 1, "bin": 2, "sys": 3, "sync": 4, "games": 5, "man": 6, "lp": 7, "mail": 8, "news": 9,
    "uucp": 10, "proxy": 13, "www-data": 33, "backup": 34, "list": 38, "irc": 39, "_apt": 42, "nobody": nobody,
  ]

  private static let groups: [String: Int64] = [
    "root": 0, "daemon": 1, "bin": 2, "sys": 3, "adm": 4, "tty": 5, "disk": 6, "lp": 7, "mail": 8, "news": 9,
    "uucp": 10, "man": 12, "proxy": 13, "kmem": 15, "dialout": 20, "fax": 21, "voice": 22, "cdrom": 24, "floppy": 25,
    "tape": 26, "sudo": 27, "audio": 29, "dip": 30, "www-data": 33, "backup": 34, "operator": 37, "list": 38,
    "irc": 39, "src": 40, "shadow": 42, "utmp": 43, "video": 44, "sasl": 45, "plugdev": 46, "staff": 50, "games": 60,
    "users": 100, "nogroup": nobody,
  ]
}
