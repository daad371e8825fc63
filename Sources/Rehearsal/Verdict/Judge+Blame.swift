import ReleaseDescription

extension Judge {
  /// The key that the words of a failure are about; nil: they name none, or the scenario itself made them fail.
  func blamed(for why: String) -> String? {
    guard scenario.file.faults.isEmpty, scenario.file.action == nil, let belay = new.belay else { return nil }
    if leftConffile([why]) != nil { return "contents" }
    if why.contains("the release's postinstall script failed") { return "scripts.postinstall" }
    if why.contains("the preinstall script of the release failed") { return "scripts.preinstall" }
    if let match = why.firstMatch(of: /step ([0-9]+)\/[0-9]+ '/), let number = Int(match.1) {
      return "steps[\(number - 1)].run"
    }
    if let index = belay.snapshot.dumps.firstIndex(where: { why.contains("dump '\($0.name)': ") }) {
      let isVerify = why.contains("dump '\(belay.snapshot.dumps[index].name)': verify")
      return "snapshot.dumps[\(index)]." + (isVerify ? "verify" : "save")
    }
    if let index = belay.services.firstIndex(where: { why.contains("\($0.unit) does not start") }) {
      return "services[\(index)]"
    }
    let refusing = belay.checks.firstIndex {
      $0.isBefore && why.contains("check '\($0.name)' fails against the new files")
    }
    if let refusing { return "checks[\(refusing)]" }
    if let match = why.firstMatch(of: /check ([0-9]+)\/[0-9]+ '/), let number = Int(match.1) {
      return "checks[\(number - 1)]"
    }
    return nil
  }

  /// A conffile of the new version alone that a failure names: the old version reads it too when it is back.
  func leftConffile(_ parts: [String]) -> String? {
    guard scenario.file.ends == [.old] else { return nil }
    return new.conffiles.subtracting(old?.conffiles ?? []).sorted().first { path in parts.contains { $0.contains(path) }
    }
  }
}
