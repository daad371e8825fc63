extension Reading {
  /// A service that was stopped and never asked for can stay down with all checks green.
  mutating func restartedServicesAreChecked(_ belay: ReadBelay) {
    let asked = belay.checks.compactMap { check -> String? in
      guard check.value.severity == .required, case .unit(let unit, _) = check.value.kind else { return nil }
      return unit
    }
    for service in belay.services where service.value.onUpgrade != .none && !asked.contains(service.value.unit) {
      let message = "\(service.value.unit) is restarted, but no required check names it"
      warning(message, at: service.position, hint: "add a check: {name: …, unit: \(service.value.unit), for: 5s}")
    }
  }
}
