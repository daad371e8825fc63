/// Package names as Debian policy 5.6.1 allows them.
public enum PackageName {
  /// At least two characters of `a-z 0-9 + - .`, the first a letter or digit.
  public static func isValid(_ name: String) -> Bool {
    guard name.utf8.count >= 2, let first = name.utf8.first, isLetterOrDigit(first) else { return false }
    let signs = "+-.".utf8
    return name.utf8.allSatisfy { isLetterOrDigit($0) || signs.contains($0) }
  }

  /// `a-z` and `0-9`.
  public static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}

/// The architectures a binary package can be for.
public enum Architecture {
  /// Debian's release architectures and ports, `all` among them.
  ///
  /// A list of our own: libapt-pkg knows only those that the building machine is set up for, and the answer
  /// must not depend on it.
  public static let known: [String] = [
    "all", "alpha", "amd64", "arc", "arm64", "armel", "armhf", "hppa", "hurd-amd64", "hurd-i386", "i386", "ia64",
    "kfreebsd-amd64", "kfreebsd-i386", "loong64", "m68k", "mips", "mips64el", "mipsel", "powerpc", "ppc64", "ppc64el",
    "riscv64", "s390x", "sh4", "sparc64", "x32",
  ]

  public static func isKnown(_ name: String) -> Bool { known.contains(name) }
}
