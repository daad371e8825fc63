import Foundation

/// `report.json`: keys in snake_case, sorted, so that equal reports have equal bytes.
public enum ReportJSON {
  public static func text(_ report: RehearsalReport) throws(ReportError) -> String { try encoded(report) }

  /// The report that a text of this kind was made of.
  ///
  /// - Throws: `.json` when it is none, `.format` when it is a later one.
  public static func report(from text: String) throws(ReportError) -> RehearsalReport {
    let report: RehearsalReport = try decoded(text)
    guard report.format == 1 else { throw .format(report.format) }
    return report
  }

  static func encoded(_ value: some Encodable) throws(ReportError) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    do {
      return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
    } catch {
      throw .json(reason: "\(error)")
    }
  }

  static func decoded<Value: Decodable>(_ text: String) throws(ReportError) -> Value {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    do {
      return try decoder.decode(Value.self, from: Data(text.utf8))
    } catch {
      throw .json(reason: "\(error)")
    }
  }
}
