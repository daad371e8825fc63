import Yams

extension Reading {
  private enum Owner: String, CaseIterable { case `self` }

  mutating func services(_ fields: Fields) -> [Located<Service>] {
    var services: [Located<Service>] = []
    for node in items(fields, "services") {
      guard let service = service(node) else { continue }
      if services.contains(where: { $0.value.unit == service.unit }) {
        error("two services are named '\(service.unit)'", at: node.position)
      }
      services.append(Located(value: service, position: node.position))
    }
    return services
  }

  private mutating func service(_ node: Node) -> Service? {
    guard let fields = fields(node, "a service", Keys(known: ["unit", "owner", "enable", "on_upgrade"])) else {
      return nil
    }
    require(fields, "unit")
    let owner: Owner? = choice(fields, "owner", later: ["other"])
    _ = owner
    let enable = bool(fields, "enable") ?? true
    let onUpgrade: Service.OnUpgrade = choice(fields, "on_upgrade", later: ["reload", "rolling"]) ?? .restart
    guard let unit = unitName(fields, "unit") else { return nil }
    if unit.contains("@") {
      notBuilt("a template unit ('\(unit)')", at: fields.position(of: "unit"))
      return nil
    }
    return Service(unit: unit, enable: enable, onUpgrade: onUpgrade)
  }

  /// A unit's full name, as systemd.unit(5) allows it.
  mutating func unitName(_ fields: Fields, _ key: String) -> String? {
    guard let name = line(fields, key) else { return nil }
    let suffixes = ["service", "socket", "timer", "path", "target", "mount", "automount", "swap", "slice", "scope"]
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    let isAllowed = { (byte: UInt8) in
      byte < 0x80 && (Character(Unicode.Scalar(byte)).isLetter || Character(Unicode.Scalar(byte)).isNumber)
        || ":-_.\\@*".utf8.contains(byte)
    }
    if !name.utf8.allSatisfy(isAllowed) || name.utf8.count > 255 || name.hasPrefix(".") || name.hasPrefix("-") {
      error("'\(name.shortened)' is not the name of a unit", at: fields.position(of: key))
      return nil
    }
    if parts.count < 2 || !suffixes.contains(String(parts[parts.count - 1])) {
      let hint = "write its full name: \(name).service"
      error("unit '\(name.shortened)' has no type", at: fields.position(of: key), hint: hint)
      return nil
    }
    return name
  }
}
