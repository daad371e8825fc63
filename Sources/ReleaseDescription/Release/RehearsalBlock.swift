/// What a rehearsal of the release needs beside the package (`rehearsal`): the engineer's side, nothing of it is packed.
public struct RehearsalBlock: Sendable, Equatable {
  /// Debian packages that the throw-away host has beside what the package depends on.
  public var include: [String] = []
  /// Runs on the host before the update, for instance to fill it with data.
  public var before: Before?
  /// What an update that was taken back may leave behind.
  public var allow: [Allowed] = []
  public init() {}

  /// A script of the building machine, as it was when the description was read.
  public struct Before: Sendable, Equatable {
    /// As it is written in the description.
    public var path: String
    public var script: UserScripts.Script
    public init(path: String, script: UserScripts.Script) {
      self.path = path
      self.script = script
    }
  }

  public struct Allowed: Sendable, Equatable {
    /// Absolute; may hold a shell's `*`.
    public var path: String
    public var why: String
    public init(path: String, why: String) {
      self.path = path
      self.why = why
    }
  }
}
