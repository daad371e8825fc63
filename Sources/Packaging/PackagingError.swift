/// Why no package could be made. Nothing of it is on disk then.
public enum PackagingError: Error, Equatable, CustomStringConvertible {
  /// The value has a NUL, which neither the shell nor a file name can hold.
  case nul(field: String)
  case field(name: String, fault: FieldFault)
  case path(String, fault: PathFault)
  case owner(String)
  /// A system call on a file failed.
  case file(action: FileAction, path: String, errno: Int32)
  case notRegularFile(String)
  /// The file had another size or time at the end of its reading than at the beginning.
  case changedWhileReading(String)
  /// libarchive refused.
  case archive(action: String, reason: String)
  case digest(path: String)
  case noTemplate(String)
  /// A document of the package could not be made.
  case document(reason: String)

  public enum FieldFault: Sendable, Equatable { case empty, name, duplicate, multipleLines, controlCharacter, value }
  public enum PathFault: Sendable, Equatable {
    case notNormalised, twice, newline, trailingSpace, emptyTarget, below(notDirectory: String)
  }
  public enum FileAction: String, Sendable { case open, read, write, create, rename }
}
