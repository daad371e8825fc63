import Foundation

extension Plans {
  /// The plan for programs: keys in snake_case, sorted, so that equal plans have equal bytes.
  public static func json(_ plan: Plan) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    return String(decoding: try encoder.encode(plan), as: UTF8.self) + "\n"
  }

  static func plan(fromJSON text: String) throws -> Plan {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Plan.self, from: Data(text.utf8))
  }
}
