import ReleaseDescription

/// The key of the release description that a reason of the host program is about.
struct Blame: Sendable, Equatable {
  let key: String

  /// - Parameter reason: a sentence of the journal, as `forward.sh`, `prepare.sh` and their pieces write it.
  init?(_ reason: String, of belay: Belay) {
    if let match = reason.firstMatch(of: /step (\d+)\/\d+/), let number = Int(match.1) {
      key = "steps[\(number - 1)].run"
    } else if let match = reason.firstMatch(of: /dump '(.*?)': (verify)?/),
      let index = belay.snapshot.dumps.firstIndex(where: { $0.name == match.1 })
    {
      key = "snapshot.dumps[\(index)]" + (match.2 == nil ? ".save" : ".verify")
    } else if let match = reason.firstMatch(of: /(preinstall|postinstall) script/) {
      key = "scripts.\(match.1)"
    } else if let index = belay.services.firstIndex(where: { reason.contains("\($0.unit) does not start") }) {
      key = "services[\(index)]"
    } else {
      return nil
    }
  }
}
