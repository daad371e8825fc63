/// RFC 3339 times, by the calendar's own arithmetic: no locale and no time zone of the building machine takes part.
enum Time {
  static func seconds(_ text: String) -> Int? {
    let form = /(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|([+-])(\d\d):(\d\d))/
    let date = /(\d{4})-(\d\d)-(\d\d)/
    if let match = text.wholeMatch(of: date) {
      return days(match.1, match.2, match.3).map { $0 * 86_400 }
    }
    guard let match = text.wholeMatch(of: form), let days = days(match.1, match.2, match.3) else { return nil }
    guard let hour = Int(match.4), let minute = Int(match.5), let second = Int(match.6) else { return nil }
    guard hour < 24, minute < 60, second <= 60 else { return nil }
    var offset = 0
    if let sign = match.7, let hours = match.8.flatMap({ Int($0) }), let minutes = match.9.flatMap({ Int($0) }) {
      offset = (hours * 3_600 + minutes * 60) * (sign == "-" ? -1 : 1)
    }
    let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second - offset
    return seconds >= 0 ? seconds : nil
  }

  /// Days from 1970-01-01, Gregorian (Howard Hinnant's days_from_civil).
  private static func days(_ year: Substring, _ month: Substring, _ day: Substring) -> Int? {
    guard let year = Int(year), let month = Int(month), let day = Int(day) else { return nil }
    guard (1970...9999).contains(year), (1...12).contains(month), (1...length(month, year)).contains(day) else {
      return nil
    }
    let shifted = month > 2 ? year : year - 1
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private static func length(_ month: Int, _ year: Int) -> Int {
    let isLeap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
    return month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
  }
}
