/// Why a report could not be written or read.
public enum ReportError: Error, Equatable, CustomStringConvertible {
  case noTemplate(String)
  /// A template of ours does not parse; the tests render every one of them.
  case template(String, reason: String)
  case json(reason: String)
  /// A reader of this belay cannot know what is in it.
  case format(Int)

  public var description: String {
    switch self {
    case .noTemplate(let name): "no template '\(name)' in this binary"
    case .template(let name, let reason): "template '\(name)' cannot be rendered: \(reason)"
    case .json(let reason): "this is not the JSON of a rehearsal: \(reason)"
    case .format(let number): "the rehearsal's report has format \(number), which this belay does not know"
    }
  }
}
