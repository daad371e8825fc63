extension Reading {
  /// Without a required check nothing could ever say that the new version does not work.
  mutating func aRequiredCheckDecides(_ belay: ReadBelay, _ fields: Fields, firstKey: String) {
    // A check that could not be read may have been the required one.
    let isIncomplete = fields["checks"].map { node in
      if case .sequence(let list) = node { return list.count != belay.checks.count }
      return true
    }
    guard isIncomplete != true, !belay.checks.contains(where: { $0.value.severity == .required }) else { return }
    let position = fields.keyPositions["checks"] ?? fields.keyPositions[firstKey] ?? fields.position
    error(
      "no required check: nothing could say that the new version fails", at: position,
      hint: "add one under 'checks'; severity is required unless it says advisory")
  }
}
