import Glibc

/// Why a file could not be read as a .deb.
public enum InspectionError: Error, Equatable, CustomStringConvertible {
  case file(path: String, errno: Int32)
  case notAPackage(path: String, reason: String)
  /// A member of the .deb that libarchive, or this reader, cannot make sense of.
  case damaged(member: String, reason: String)
  case header(HostHeaderFault)

  public var description: String {
    switch self {
    case .file(let path, let code): "cannot read '\(path)': \(String(cString: strerror(code)))"
    case .notAPackage(let path, let reason): "'\(path)' is not a Debian package: \(reason)"
    case .damaged(let member, let reason): "'\(member)' is damaged: \(reason)"
    case .header(let fault): "the header of belay's program in 'preinst' is not one that belay writes: \(fault)"
    }
  }
}

/// What is wrong with a header of the host program.
public enum HostHeaderFault: Error, Equatable, CustomStringConvertible {
  case syntax(line: Int)
  case duplicate(String)
  case missing(String)
  case unknown(String)
  case value(name: String, String)
  case format(String)

  public var description: String {
    switch self {
    case .syntax(let line): "line \(line) is no assignment of a single-quoted value"
    case .duplicate(let name): "'\(name)' is given twice"
    case .missing(let name): "'\(name)' is missing"
    case .unknown(let name): "'\(name)' is unknown"
    case .value(let name, let value): "'\(name)' has the value '\(Visible.line(String(value.prefix(80))))'"
    case .format(let format): "format '\(Visible.line(format))', this belay reads format '1'"
    }
  }
}
