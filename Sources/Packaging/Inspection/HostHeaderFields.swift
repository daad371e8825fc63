/// The values of one scope of a header; each is taken once, and none may be left over.
struct HostHeaderFields {
  private var values: [String: String]
  private let scope: String

  init(_ values: [String: String], scope: String) {
    self.values = values
    self.scope = scope
  }

  mutating func text(_ name: String) throws(HostHeaderFault) -> String {
    guard let value = values.removeValue(forKey: name) else { throw .missing(scope + name) }
    return value
  }

  /// What a later belay added to the header is not in the packages that were built before.
  func has(_ name: String) -> Bool { values[name] != nil }

  /// Empty is absent.
  mutating func optional(_ name: String) throws(HostHeaderFault) -> String? {
    let value = try text(name)
    return value.isEmpty ? nil : value
  }

  mutating func lines(_ name: String) throws(HostHeaderFault) -> [String] {
    try text(name).split(separator: "\n").map(String.init)
  }

  mutating func number(_ name: String) throws(HostHeaderFault) -> Int {
    guard let number = try optionalNumber(name) else { throw .value(name: scope + name, "") }
    return number
  }

  mutating func optionalNumber(_ name: String) throws(HostHeaderFault) -> Int? {
    guard let text = try optional(name) else { return nil }
    guard let number = Int(text), number >= 0, text == "\(number)" else { throw .value(name: scope + name, text) }
    return number
  }

  mutating func flag(_ name: String) throws(HostHeaderFault) -> Bool {
    let value = try text(name)
    guard let flag = Bool(value) else { throw .value(name: scope + name, value) }
    return flag
  }

  mutating func choice<Choice: RawRepresentable<String>>(
    _ name: String, _: Choice.Type = Choice.self
  ) throws(HostHeaderFault) -> Choice {
    let value = try text(name)
    guard let choice = Choice(rawValue: value) else { throw .value(name: scope + name, value) }
    return choice
  }

  func finish() throws(HostHeaderFault) {
    if let name = values.keys.min() { throw .unknown(scope + name) }
  }
}
