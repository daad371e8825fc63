import ExternalTools
import Packaging

/// Why there is no report.
public enum RehearsalError: Error, CustomStringConvertible {
  case needsRoot
  case unreadable(InspectionError)
  /// `old` and `new` are not two versions of one package.
  case notAPair(String)
  case noScenario(String)
  /// The base or the old version could not be made ready; `log` is the end of what was said.
  case notReady(String, log: String)
  case tool(ToolError)
  /// A file of ours could not be written; `reason` is the system's.
  case file(path: String, reason: String)
  /// One of belay's own scenario files is not good.
  case scenario(String)

  public var description: String {
    switch self {
    case .needsRoot: "throw-away hosts need root"
    case .unreadable(let error): "\(error)"
    case .notAPair(let why): why
    case .noScenario(let pattern): "no scenario is named '\(pattern)'"
    case .notReady(let what, let log): log.isEmpty ? what : "\(what)\n\(log)"
    case .tool(let error): "\(error)"
    case .file(let path, let reason): "cannot write '\(path)': \(reason)"
    case .scenario(let what): what
    }
  }
}
