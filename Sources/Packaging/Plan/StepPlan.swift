import ReleaseDescription

/// Steps as operations of the update plan.
enum StepPlan {
  static func operations(_ steps: [Step], stage: Step.Stage) -> [Operation] {
    steps.enumerated().filter { $0.element.stage == stage }.map { index, step in
      var commands: [PlannedCommand] = []
      if let unless = step.unless {
        commands.append(PlannedCommand(.unless, unless, user: step.user, timeout: step.timeout))
      }
      commands.append(PlannedCommand(.run, step.run, user: step.user, timeout: step.timeout))
      let skip = step.unless == nil ? "" : ", unless that says it is already done"
      return Operation(
        .command, "step \(index + 1) '\(step.name)'\(skip)", commands, back: back(of: step, number: index + 1))
    }
  }

  private static func back(of step: Step, number: Int) -> String {
    switch step.undo {
    case .command(let undo): "undo of step \(number) in the fallback plan: \(undo)"
    case .compatible: "nothing: declared compatible with the old version"
    case .impossible: "nothing: declared impossible, so it runs only after the decision"
    }
  }
}

/// Notifications as operations.
enum Notifying {
  /// One operation a notification that any of these states concerns.
  static func operations(_ notifications: [Notification], of states: [String]) -> [Operation] {
    notifications.compactMap { notification in
      let named = states.filter { notification.on.contains($0) }
      guard !named.isEmpty else { return nil }
      return Operation(
        .command,
        "tell: " + named.joined(separator: ", ") + "; status JSON on stdin, cannot delay or fail anything"
          + (notification.keepsOutput ? "" : ", output dropped"),
        [PlannedCommand(.notify, notification.run)], back: "nothing to take back")
    }
  }
}
