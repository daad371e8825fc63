/// One entry of the payload, globs and trees already expanded; sorted by `destination` bytes.
public struct Content: Sendable, Equatable {
  public enum Kind: Sendable, Equatable {
    /// A regular file, its bytes taken from `source` (an absolute path on the building machine).
    case file(source: String)
    /// A regular file made by the builder itself.
    case text([UInt8])
    case directory
    case symlink(target: String)
  }
  public var kind: Kind
  /// Absolute path on the host, normalised, no trailing slash.
  public var destination: String
  /// Permission bits, setuid to sticky included (0 ... 0o7777).
  public var mode: UInt32
  public var owner: String
  public var group: String
  /// Seconds since the epoch; nil: the release's.
  public var modificationTime: Int?
  /// Listed in conffiles: nFPM's `config*` types, and every regular file below /etc.
  public var isConffile: Bool

  public init(
    kind: Kind, destination: String, mode: UInt32, owner: String = "root", group: String = "root",
    modificationTime: Int? = nil, isConffile: Bool = false
  ) {
    self.kind = kind
    self.destination = destination
    self.mode = mode
    self.owner = owner
    self.group = group
    self.modificationTime = modificationTime
    self.isConffile = isConffile
  }
}
