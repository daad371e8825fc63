extension Reading {
  /// What needs standing data needs something that stands: a stopped step, and a dump or path that may be restored, in a
  /// release where nothing is stopped or paused (design, section 6).
  mutating func somethingIsStopped(_ belay: ReadBelay) {
    let stops = belay.services.contains { $0.value.onUpgrade != .none }
    switch belay.snapshot.value.quiesce {
    case .command: return
    case .stop:
      if belay.services.isEmpty {
        error("'quiesce: stop' has nothing to stop, there is no service", at: belay.snapshot.quiescePosition)
      }
      return
    case .none: if stops { return }
    }
    let hint = "give a service on_upgrade: restart, or set snapshot.quiesce"
    for step in belay.steps where step.value.stage == .stopped {
      let message = "step '\(step.value.name)' runs in stage 'stopped', but nothing is stopped or paused"
      error(message, at: step.position, hint: hint)
    }
    for (path, position) in zip(belay.snapshot.value.paths, belay.snapshot.pathPositions)
    where path.restoreWhen != .never {
      let message = "path '\(path.path)' may be restored, but nothing is stopped or paused while it is copied"
      error(message, at: position, hint: hint)
    }
    for (dump, position) in zip(belay.snapshot.value.dumps, belay.snapshot.dumpPositions)
    where dump.restoreWhen != .never {
      let message = "dump '\(dump.name)' may be restored, but nothing is stopped or paused while it is made"
      error(message, at: position, hint: hint)
    }
  }
}
