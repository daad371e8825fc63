/// Whether a host that takes a package can go back from it, as apt will decide it there.
public struct ReturnProof: Codable, Sendable, Equatable {
  public var package: String
  /// nil: not installed there; the way back is its removal.
  public var from: String?
  public var to: String
  public var canReturn = false
  /// false: the root's apt is of another series than the one that answered.
  public var isExact = true
  /// What the upgrade changes, the package itself first.
  public var changes: [Change] = []
  /// The .debs that the return needs.
  public var debs: [Deb] = []
  /// What the return removes: the upgrade newly installs it.
  public var removed: [String] = []
  /// Why not, as a chain.
  public var reasons: [String] = []
  /// What to do about it.
  public var remedies: [String] = []
  /// What the answer does not know.
  public var notes: [String] = []
  /// Free bytes where the way back is kept; nil: not known.
  public var freeSpace: Int?

  public struct Change: Codable, Sendable, Equatable {
    public var package: String
    /// nil: newly installed.
    public var from: String?
    /// nil: removed.
    public var to: String?
  }

  public struct Deb: Codable, Sendable, Equatable {
    public enum Source: String, Codable, Sendable { case kept, cache, archive, rebuild }
    public var package: String
    public var version: String
    public var architecture: String
    /// Where it can be had, the best first; empty: nowhere.
    public var sources: [Source]
    /// Bytes; nil: not known before it is rebuilt.
    public var size: Int?
  }

  /// What is asked about a package file.
  public struct Question: Sendable {
    public var path: String
    public var package: String
    public var version: String
    public var architecture: String
    /// The version to go back to; nil: the installed one.
    public var from: String?
    /// The other members of the release's `set`.
    public var members: [String]
    /// The release's `fallback.to`.
    public var allowed: [String]
    public var sources: [Deb.Source]

    public init(
      path: String, package: String, version: String, architecture: String, from: String?, members: [String],
      allowed: [String], sources: [Deb.Source]
    ) {
      self.path = path
      self.package = package
      self.version = version
      self.architecture = architecture
      self.from = from
      self.members = members
      self.allowed = allowed
      self.sources = sources
    }
  }
}
