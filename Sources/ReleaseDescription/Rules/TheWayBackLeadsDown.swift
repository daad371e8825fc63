import Apt

extension Reading {
  /// What a release goes back to is older than it: dpkg and apt see anything else as an update, and a host that has it already is
  /// taken down by installing the release.
  mutating func theWayBackLeadsDown(_ belay: ReadBelay, _ control: Control) {
    for item in belay.fallback.to {
      let words = item.value.split(separator: " ").map(String.init)
      guard let version = words.last, !control.version.isEmpty else { continue }
      let comparison = Relation.Comparison(rawValue: words[0])
      let order = DebianVersion.compare(version, control.version)
      // The first release of a line has itself as the least version of the line: `>= 1.0` in 1.0.
      let isOlder = comparison == .earlier || comparison == .laterOrEqual ? order <= 0 : order < 0
      guard !isOlder else { continue }
      let verb = comparison == .earlier || comparison == .earlierOrEqual ? "allows what is not" : "is not"
      error(
        "'\(item.value)' of fallback.to \(verb) older than the release itself, \(control.version)", at: item.position,
        hint: "dpkg takes 1.10 for later than 1.9, and 1.0~rc1 for earlier than 1.0")
    }
  }
}
