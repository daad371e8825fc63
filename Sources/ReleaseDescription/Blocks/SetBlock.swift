import Apt
import Yams

extension Reading {
  mutating func packageSet(_ fields: Fields) -> PackageSet? {
    guard let node = fields["set"] else { return nil }
    let own = fields["name"]?.string
    guard let fields = self.fields(node, "the set", Keys(known: ["name", "members", "same_version"])) else {
      return nil
    }
    require(fields, "name")
    require(fields, "members")
    let hint = "at least two of a-z, 0-9, '+', '-', '.', beginning with a letter or digit"
    let name = line(fields, "name")
    if let name, !PackageName.isValid(name) {
      error("'\(name.shortened)' cannot be the name of a set", at: fields.position(of: "name"), hint: hint)
    }
    var members: [String] = []
    for member in lines(fields, "members") {
      if !PackageName.isValid(member.value) {
        error("'\(member.value.shortened)' is not a package name", at: member.position, hint: hint)
      } else if member.value == own {
        error(
          "'\(member.value)' leads the set, it is not a member of it", at: member.position,
          hint: "name the other packages")
      } else if members.contains(member.value) {
        error("member '\(member.value)' is named twice", at: member.position)
      }
      members.append(member.value)
    }
    let isSameVersion = bool(fields, "same_version") ?? false
    return name.map { PackageSet(name: $0, members: members, isSameVersion: isSameVersion) }
  }

  /// What keeps versions from being mixed stands in the control file, where apt and dpkg read it.
  func withBreaks(of set: PackageSet?, _ control: Control) -> Control {
    guard let breaks = set?.breaks(version: control.version), !breaks.isEmpty else { return control }
    var control = control
    if let index = control.relations.firstIndex(where: { $0.name == "Breaks" }) {
      control.relations[index].value += breaks.filter { !control.relations[index].value.contains($0) }
    } else {
      control.relations.append(Field("Breaks", breaks))
    }
    return control
  }
}
