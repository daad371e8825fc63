/// Two texts of the same data, compared as sets of lines: a database may write its rows in another order.
struct DataComparison: Sendable {
  /// Lines of the first that the second lacks, as often as it lacks them.
  let missing: [String]
  /// Lines that only the second has.
  let added: [String]

  init(_ expected: [String], _ found: [String]) {
    var counts: [String: Int] = [:]
    for line in found { counts[line, default: 0] += 1 }
    var missing: [String] = []
    for line in expected {
      if let count = counts[line], count > 0 { counts[line] = count - 1 } else { missing.append(line) }
    }
    var added: [String] = []
    for line in found {
      guard let count = counts[line], count > 0 else { continue }
      counts[line] = count - 1
      added.append(line)
    }
    self.missing = missing
    self.added = added
  }

  var isEqual: Bool { missing.isEmpty && added.isEmpty }

  /// What is left is the moment at which a program ran, or a random name.
  var isEqualButForTimes: Bool { DataComparison(missing.map(\.timeless), added.map(\.timeless)).isEqual }

  /// A readable diff, not longer than a person reads.
  var lines: [String] { Self.shortened(missing.map { "-\($0)" } + added.map { "+\($0)" }) }

  static func shortened(_ lines: [String]) -> [String] {
    let most = 12
    let cut = lines.prefix(most).map { $0.count > 200 ? $0.prefix(200) + "…" : $0 }
    return cut + (lines.count > most ? ["… and \(lines.count - most) more lines"] : [])
  }
}

/// A dump by its parts: the rows of a table are counted together.
struct RowCounts: Sendable, Equatable {
  /// Rows by table, for PostgreSQL's text; all lines under one name otherwise.
  let rows: [String: Int]

  init(_ lines: [String]) {
    var rows: [String: Int] = [:]
    var table: String?
    var isPostgreSQL = false
    for line in lines {
      if let name = table {
        if line == "\\." { table = nil } else { rows[name, default: 0] += 1 }
      } else if line.hasPrefix("COPY "), line.hasSuffix(" FROM stdin;") {
        isPostgreSQL = true
        let name = String(line.dropFirst("COPY ".count).prefix { $0 != " " && $0 != "(" })
        rows[name, default: 0] += 0
        table = name
      }
    }
    self.rows = isPostgreSQL ? rows : ["lines": lines.count]
  }

  /// The tables of both that have fewer rows now, with both counts.
  func losses(to other: RowCounts) -> [(table: String, before: Int, after: Int)] {
    rows.keys.sorted().compactMap { table in
      guard let before = rows[table], let after = other.rows[table], after < before else { return nil }
      return (table, before, after)
    }
  }

  var total: Int { rows.values.reduce(0, +) }
}

extension String {
  /// Without moments and UUIDs.
  fileprivate var timeless: String {
    replacing(/[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9:]{8}([.][0-9]+)?(Z|[+-][0-9:]{2,5})?/, with: "(moment)")
      .replacing(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/, with: "(uuid)")
  }
}
