import CAptShim
import Glibc

/// Makes the digest of a stream, piece by piece, by libapt-pkg.
public struct Digester: ~Copyable {
  public enum Algorithm: Sendable {
    /// What dpkg's md5sums file holds.
    case md5
    case sha256
  }
  private let state: OpaquePointer

  public init(_ algorithm: Algorithm) throws(DigestError) {
    guard let state = capt_hash_new(algorithm == .md5 ? CAPT_MD5 : CAPT_SHA256) else { throw DigestError() }
    self.state = state
  }

  public func update(_ bytes: RawSpan) throws(DigestError) {
    let isAdded = bytes.withUnsafeBytes { bytes in
      bytes.baseAddress.map { capt_hash_add(state, $0, bytes.count) } ?? true
    }
    if !isAdded { throw DigestError() }
  }

  /// Lower-case hexadecimal digits.
  public consuming func finish() throws(DigestError) -> String {
    guard let digits = capt_hash_finish(state) else { throw DigestError() }
    defer { free(digits) }
    return String(cString: digits)
  }

  /// The digest of bytes in hand.
  public static func digest(_ algorithm: Algorithm, of bytes: [UInt8]) throws(DigestError) -> String {
    let digester = try Digester(algorithm)
    try digester.update(bytes.span.bytes)
    return try digester.finish()
  }

  deinit { capt_hash_free(state) }
}

/// libapt-pkg could not make a digest (out of memory, or a broken crypto library).
public struct DigestError: Error, CustomStringConvertible {
  public var description: String { "libapt-pkg could not make a digest" }
}
