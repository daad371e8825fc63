import Yams

extension Reading {
  private static let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

  mutating func window(_ node: Node) -> Window? {
    let keys = Keys(known: ["days", "from", "to", "timezone"])
    guard let fields = fields(node, "the window", keys) else { return nil }
    require(fields, "from")
    require(fields, "to")
    let days = fields["days"] == nil ? Array(1...7) : days(fields)
    let from = clock(fields, "from")
    let to = clock(fields, "to")
    let timezone = line(fields, "timezone")
    if let timezone, timezone.wholeMatch(of: /[A-Za-z][A-Za-z0-9_+\-]*(\/[A-Za-z0-9_+\-]+)*/) == nil {
      let hint = "a name of the tz database, such as Europe/Berlin"
      error("'\(timezone.shortened)' is not a time zone", at: fields.position(of: "timezone"), hint: hint)
    }
    guard let from, let to else { return nil }
    if from >= to {
      let hint = "a window ends on the day it begins; 'to' is the first minute outside"
      error("the window from \(from) to \(to) is never open", at: fields.position(of: "from"), hint: hint)
    }
    return Window(days: days, from: from, to: to, timezone: timezone)
  }

  /// `Tue..Thu`, `Mon`, or a list of such; 1 is Monday.
  private mutating func days(_ fields: Fields) -> [Int] {
    var days: Set<Int> = []
    for item in lines(fields, "days", orSingle: true) {
      let ends = item.value.split(separator: ".", omittingEmptySubsequences: false)
      let isRange = ends.count == 3 && ends[1].isEmpty
      let first = Self.days.firstIndex(of: String(ends.first ?? ""))
      let last = Self.days.firstIndex(of: String(ends.last ?? ""))
      guard isRange || ends.count == 1, let first, let last else {
        let hint = "Mon Tue Wed Thu Fri Sat Sun, or a range such as Tue..Thu, or a list of them"
        error("'\(item.value.shortened)' is not a day of the week", at: item.position, hint: hint)
        continue
      }
      // Fri..Mon goes over the weekend.
      for offset in 0...((last - first + 7) % 7) { days.insert((first + offset) % 7 + 1) }
    }
    return days.sorted()
  }

  /// `HH:MM`. YAML 1.1 readers make a number of an unquoted 09:00; here it is the text it is.
  private mutating func clock(_ fields: Fields, _ key: String) -> String? {
    guard let text = line(fields, key) else { return nil }
    if text.wholeMatch(of: /([01]\d|2[0-3]):[0-5]\d|24:00/) != nil { return text }
    let hint = "HH:MM, such as \"09:00\""
    error("'\(key)' must be a time of day, found '\(text.shortened)'", at: fields.position(of: key), hint: hint)
    return nil
  }
}
