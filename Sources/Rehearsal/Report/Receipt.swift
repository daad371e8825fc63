/// What a rehearsal that passed leaves for those who approve a release: `NAME_VERSION_ARCH.rehearsal.json`.
public struct Receipt: Sendable, Equatable, Codable {
  /// There is no receipt of anything else, so nothing else can be read.
  public enum Result: String, Sendable, Codable { case passed }

  public struct Scenario: Sendable, Equatable, Codable {
    public let name: String
    public let outcome: ScenarioResult.Outcome
    /// nil: skipped.
    public let end: ScenarioResult.End?
  }

  /// Changes when a reader has to change.
  public let format: Int
  /// The version of belay that rehearsed.
  public let generator: String
  public let old: RehearsalReport.Subject?
  public let new: RehearsalReport.Subject
  public let base: String
  public let seed: UInt64
  public let scenarios: [Scenario]
  public let result: Result
  /// When the rehearsal began, ISO 8601 in UTC.
  public let date: String

  /// nil: the rehearsal did not pass.
  public init?(_ report: RehearsalReport) {
    guard report.isPassed else { return nil }
    format = 1
    generator = report.generator
    old = report.old
    new = report.new
    base = report.base
    seed = report.seed
    scenarios = report.scenarios.map { Scenario(name: $0.name, outcome: $0.outcome, end: $0.end) }
    result = .passed
    date = report.began
  }

  /// The package's own file name, with another ending: the epoch is left out.
  public var fileName: String {
    let version = new.version.split(separator: ":", maxSplits: 1).last.map(String.init) ?? new.version
    return "\(new.name)_\(version)_\(new.architecture).rehearsal.json"
  }

  public func json() throws(ReportError) -> String { try ReportJSON.encoded(self) }

  /// The receipt that a text of this kind was made of.
  ///
  /// - Throws: `.json` when it is none, `.format` when it is a later one.
  public static func receipt(from text: String) throws(ReportError) -> Receipt {
    let receipt: Receipt = try ReportJSON.decoded(text)
    guard receipt.format == 1 else { throw .format(receipt.format) }
    return receipt
  }
}
