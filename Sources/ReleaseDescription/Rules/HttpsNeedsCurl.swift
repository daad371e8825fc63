extension Reading {
  /// perl-base asks over http; TLS is curl's (design, invariant 7), and nothing puts curl on a host by itself.
  mutating func httpsNeedsCurl(_ belay: ReadBelay, _ control: Control) {
    let needed = control.relations.filter { ["Depends", "Pre-Depends"].contains($0.name) }.flatMap(\.value)
    guard !needed.contains(where: { $0.split(whereSeparator: { " (:".contains($0) }).first == "curl" }) else { return }
    for check in belay.checks {
      guard case .http(let url, _, _) = check.value.kind, url.lowercased().hasPrefix("https:") else { continue }
      warning(
        "check '\(check.value.name)' asks over TLS, which needs curl on the host", at: check.position,
        hint: "depends: [curl]")
    }
  }
}
