import Glibc

extension PackagingError {
  public var description: String {
    switch self {
    case .nul(let field): "'\(field)' contains a NUL byte"
    case .field(let name, let fault): "field '\(name)' \(fault.text)"
    case .path(let path, let fault): "'\(path)' \(fault.text)"
    case .owner(let name): "'\(name)' is not the name of a user or group"
    case .file(let action, let path, let code):
      "cannot \(action.rawValue) '\(path)': \(String(cString: strerror(code)))"
    case .notRegularFile(let path): "'\(path)' is not a regular file"
    case .changedWhileReading(let path): "'\(path)' changed while it was read"
    case .archive(let action, let reason): "cannot \(action): \(reason)"
    case .digest(let path): "cannot make the digest of '\(path)'"
    case .noTemplate(let name): "no template '\(name)' in this binary"
    case .document(let reason): "cannot make the package's documents: \(reason)"
    }
  }
}

extension PackagingError.FieldFault {
  fileprivate var text: String {
    switch self {
    case .empty: "is empty"
    case .name: "has a name that a control file cannot hold"
    case .duplicate: "is given twice"
    case .multipleLines: "must be one line"
    case .controlCharacter: "contains a control character"
    case .value: "has a value that a control file cannot hold"
    }
  }
}

extension PackagingError.PathFault {
  fileprivate var text: String {
    switch self {
    case .notNormalised: "is not an absolute path without '.', '..' and empty parts"
    case .twice: "is packed twice"
    case .newline: "has a newline in its name"
    case .emptyTarget: "is a symlink to nothing"
    case .trailingSpace: "is a conffile whose name ends with a space"
    case .below(let parent): "lies below '\(parent)', which is not a directory in this package"
    }
  }
}
