import CAptShim

/// MD5 (what dpkg's md5sums file holds) and SHA-256 of the same bytes, in lower-case hexadecimal digits.
public struct Digests: Sendable, Equatable {
  public let md5: String
  public let sha256: String

  public init(of bytes: [UInt8]) throws(DigestError) {
    let digester = try Digester()
    try digester.update(bytes.span.bytes)
    self = try digester.finish()
  }

  fileprivate init(md5: String, sha256: String) {
    self.md5 = md5
    self.sha256 = sha256
  }
}

/// Makes digests of a stream, piece by piece.
public struct Digester: ~Copyable {
  private let state: OpaquePointer

  public init() throws(DigestError) {
    guard let state = capt_hashes_new() else { throw DigestError() }
    self.state = state
  }

  public func update(_ bytes: RawSpan) throws(DigestError) {
    let isAdded = bytes.withUnsafeBytes { bytes in
      bytes.baseAddress.map { capt_hashes_add(state, $0, bytes.count) } ?? true
    }
    if !isAdded { throw DigestError() }
  }

  public consuming func finish() throws(DigestError) -> Digests {
    var md5 = [CChar](repeating: 0, count: 33)
    var sha256 = [CChar](repeating: 0, count: 65)
    guard capt_hashes_finish(state, &md5, &sha256) else { throw DigestError() }
    let text = { (digits: [CChar]) in String(decoding: digits.dropLast().map(UInt8.init), as: UTF8.self) }
    return Digests(md5: text(md5), sha256: text(sha256))
  }

  deinit { capt_hashes_free(state) }
}

/// libapt-pkg could not make a digest (out of memory, or a broken crypto library).
public struct DigestError: Error, CustomStringConvertible {
  public var description: String { "libapt-pkg could not make a digest" }
}
