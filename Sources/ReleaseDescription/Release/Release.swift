/// A release as meant: every default filled in, every value checked, nothing of YAML left.
///
/// `ReleaseReader` makes it from the release description; the package, its scripts and its plans are all made from
/// this one value, so that they cannot disagree.
public struct Release: Sendable, Equatable {
  public var control: Control
  public var contents: [Content]
  public var scripts: UserScripts
  public var compression: Compression
  /// Modification time, in seconds since the epoch, of everything without one of its own.
  ///
  /// From SOURCE_DATE_EPOCH, else the key `mtime`, else `standardModificationTime`.
  public var modificationTime: Int
  /// What belay adds; nil makes a plain package (nFPM's, nothing of ours in it).
  public var belay: Belay?
  /// What a rehearsal on the engineer's machine needs; nothing of it is in the package.
  public var rehearsal: RehearsalBlock?

  /// 1980-01-01: fixed, so that the bytes are; not 0, because Debian's tools refuse files from before 1976
  /// (lintian's package-contains-ancient-file).
  public static let standardModificationTime = 315_532_800

  public init(
    control: Control, contents: [Content], scripts: UserScripts, compression: Compression, modificationTime: Int,
    belay: Belay?, rehearsal: RehearsalBlock? = nil
  ) {
    self.control = control
    self.contents = contents
    self.scripts = scripts
    self.compression = compression
    self.modificationTime = modificationTime
    self.belay = belay
    self.rehearsal = rehearsal
  }

  /// `name_version_arch.deb`, epoch left out (nFPM's and dpkg-name's form).
  public var fileName: String {
    let version = control.version.split(separator: ":", maxSplits: 1).last.map(String.init) ?? control.version
    return "\(control.name)_\(version)_\(control.architecture).deb"
  }
}

/// The fields of DEBIAN/control (deb-control(5)).
public struct Control: Sendable, Equatable {
  public var name: String
  /// Full Debian version: `[epoch:]version[~prerelease][+version_metadata][-release]`.
  public var version: String
  /// Debian's name of the architecture (Go's names are translated as nFPM does).
  public var architecture: String
  public var section: String
  public var priority: String
  public var maintainer: String
  /// First line: synopsis. The rest: extended description, not yet in control's syntax.
  public var description: String
  public var homepage: String?
  /// Relation fields in control's order, each with its comma-separated entries: `("Depends", ["libc6 (>= 2.36)"])`.
  public var relations: [Field<[String]>]
  /// `deb.fields`, in file order.
  public var fields: [Field<String>]

  public init(
    name: String, version: String, architecture: String, section: String, priority: String, maintainer: String,
    description: String, homepage: String?, relations: [Field<[String]>], fields: [Field<String>]
  ) {
    self.name = name
    self.version = version
    self.architecture = architecture
    self.section = section
    self.priority = priority
    self.maintainer = maintainer
    self.description = description
    self.homepage = homepage
    self.relations = relations
    self.fields = fields
  }
}

/// One named control field.
public struct Field<Value: Sendable & Equatable>: Sendable, Equatable {
  public var name: String
  public var value: Value
  public init(_ name: String, _ value: Value) {
    self.name = name
    self.value = value
  }
}

/// nFPM's `deb.compression`: algorithm and level.
public struct Compression: Sendable, Equatable {
  public enum Algorithm: String, Sendable, CaseIterable { case gzip, xz, zstd, none }
  public var algorithm: Algorithm
  public var level: Int
  public init(_ algorithm: Algorithm, level: Int) {
    self.algorithm = algorithm
    self.level = level
  }
}

/// nFPM's `scripts`, read into memory.
public struct UserScripts: Sendable, Equatable {
  public struct Script: Sendable, Equatable {
    /// The file's bytes, with LF line ends, valid UTF-8 without NUL.
    public var text: String
    /// The shebang's program: `sh`, `bash`, `dash` or `perl`; any other only in a plain package.
    public var interpreter: String
    public init(text: String, interpreter: String) {
      self.text = text
      self.interpreter = interpreter
    }
  }
  public var preinst: Script?
  public var postinst: Script?
  public var prerm: Script?
  public var postrm: Script?
  public init(preinst: Script? = nil, postinst: Script? = nil, prerm: Script? = nil, postrm: Script? = nil) {
    self.preinst = preinst
    self.postinst = postinst
    self.prerm = prerm
    self.postrm = postrm
  }
}
