import ReleaseDescription

/// What a release does on a host, in the order in which it happens there, and what takes each of it back.
///
/// Made from a `Release` alone and holding nothing that a built package does not hold, so that the plan of a release
/// description and the plan read back from its package are equal.
public struct Plan: Sendable, Equatable, Codable {
  public struct Package: Sendable, Equatable, Codable {
    public var name: String
    public var version: String
    public var architecture: String
  }

  /// Number of this form; it changes when a reader of the JSON has to change.
  public var format = 1
  public var package: Package
  /// False: a plain package, nothing of belay in it, and no way back but a person's own.
  public var hasWayBack: Bool
  /// The update plan.
  public var update: [Phase]
  /// The fallback plan: how belay takes the update back by itself.
  public var fallback: [Phase]
  /// The Plan B: what a person does, with belay's programs gone.
  public var planB: [ManualStep]
  public var protection: Protection
  /// The payload, without what belay adds and without the directories that only lead to something.
  public var files: [PlannedFile]
  /// The release's own maintainer scripts.
  public var scripts: [PlannedScript]
  public var contacts: [String]
}

/// Operations that share a moment: one maintainer-script call, or one part of it.
public struct Phase: Sendable, Equatable, Codable {
  public var title: String
  /// Who does it, and what a failure in it leads to.
  public var note: String
  public var operations: [Operation]
}

/// One thing done on the host.
public struct Operation: Sendable, Equatable, Codable {
  public enum Kind: String, Sendable, Codable, CaseIterable {
    case apt, check, command, copy, database, file, gate, record, service
  }
  public var kind: Kind
  /// What is done, as one phrase.
  public var what: String
  /// The release's own commands among it, in order.
  public var commands: [PlannedCommand]
  /// What takes it back, or why nothing has to.
  public var takenBack: String
}

/// A command of the release description, as it is written there.
public struct PlannedCommand: Sendable, Equatable, Codable {
  public enum Role: String, Sendable, Codable {
    case check, notify, pause, restore, resume, run, save, undo, unless, verify
    case afterReturn = "after"
    case beforeReturn = "before"
  }
  public var role: Role
  public var command: String
  /// The account it runs as; nil: root.
  public var user: String?
  /// When its process group is killed, milliseconds.
  public var timeout: Int
}

/// What is copied before the update, and what is not.
public struct Protection: Sendable, Equatable, Codable {
  /// One phrase a path or dump.
  public var protected: [String]
  public var notProtected: [String]
}

/// One file, directory or symbolic link of the payload.
public struct PlannedFile: Sendable, Equatable, Codable {
  public enum Kind: String, Sendable, Codable { case file, directory, symlink, special }
  public var path: String
  public var kind: Kind
  /// Four octal digits.
  public var mode: String
  public var owner: String
  public var group: String
  /// A symbolic link's target.
  public var target: String?
  public var isConffile: Bool
}

/// A maintainer script that the release brings itself.
public struct PlannedScript: Sendable, Equatable, Codable {
  public var moment: String
  public var interpreter: String
  public var text: String
}

/// One numbered part of the Plan B.
public struct ManualStep: Sendable, Equatable, Codable {
  public var title: String
  public var lines: [ManualLine]
}

/// A line of the Plan B: a remark, or something to copy into a root shell.
public enum ManualLine: Sendable, Equatable, Codable {
  case remark(String)
  case command(String)

  private enum CodingKeys: String, CodingKey { case remark, command }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    if let command = try container.decodeIfPresent(String.self, forKey: .command) {
      self = .command(command)
    } else {
      self = .remark(try container.decode(String.self, forKey: .remark))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .remark(let text): try container.encode(text, forKey: .remark)
    case .command(let text): try container.encode(text, forKey: .command)
    }
  }
}
