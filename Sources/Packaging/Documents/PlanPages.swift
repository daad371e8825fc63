/// The update plan and the fallback plan, laid out.
struct PlanPages {
  let plan: Plan
  private static let width = 100

  var subject: String { "\(plan.package.name) \(plan.package.version) (\(plan.package.architecture))" }

  var update: PlanPage {
    PlanPage(
      title: plan.hasWayBack ? "Update plan" : "Update plan (no way back: belay is not in this package)",
      subject: Visible.line(subject), intro: plan.hasWayBack ? Self.intro : [], phases: phases(plan.update),
      sections: [protected, notProtected, files, scripts, contacts].filter { !$0.items.isEmpty || !$0.codes.isEmpty })
  }

  var fallback: PlanPage {
    PlanPage(
      title: "Fallback plan", subject: Visible.line(subject), intro: Self.intro, phases: phases(plan.fallback),
      sections: [contacts].filter { !$0.items.isEmpty })
  }

  private static let intro = Wrapping.lines(
    "In the order in which it happens on the host; 'back' says what takes an operation back. Commands run as root unless"
      + " another account is named, by bash -eu -o pipefail -c, from /, with an environment of their own, and are ended with"
      + " all their processes when their time is over.", width: width)

  private func phases(_ phases: [Phase]) -> [PhaseText] {
    phases.enumerated().map { index, phase in
      PhaseText(
        phaseNumber: index + 1, phaseTitle: phase.title, phaseNote: Wrapping.lines(phase.note, width: Self.width),
        operations: phase.operations.enumerated().map { inner, operation in
          text(operation, number: "\(index + 1).\(inner + 1)")
        })
    }
  }

  private func text(_ operation: Operation, number: String) -> OperationText {
    let what = Wrapping.lines(Visible.line(operation.what), width: Self.width - 16)
    let back = Wrapping.lines(Visible.line(operation.takenBack), width: Self.width - 13)
    return OperationText(
      number: number, kind: operation.kind.rawValue, what: what.first ?? "", whatMore: Array(what.dropFirst()),
      commands: operation.commands.map(text), back: back.first ?? "", backMore: Array(back.dropFirst()))
  }

  private func text(_ command: PlannedCommand) -> CommandText {
    let account = command.user.map { ", as \(Visible.line($0))" } ?? ""
    return CommandText(
      label: "\(command.role.rawValue)\(account), at most \(Amounts.duration(command.timeout)):", text: command.command)
  }

  private var protected: SectionText {
    SectionText(heading: "Protected by copies", items: plan.protection.protected.map(Visible.line), codes: [])
  }

  private var notProtected: SectionText {
    SectionText(heading: "NOT protected", items: plan.protection.notProtected.map(Visible.line), codes: [])
  }

  private var files: SectionText {
    let items = plan.files.map { file in
      let target = file.target.map { " -> " + Visible.line($0) } ?? ""
      return "\(file.kind.rawValue) \(file.mode) \(file.owner):\(file.group) \(Visible.line(file.path))\(target)"
        + (file.isConffile ? " (conffile)" : "")
    }
    return SectionText(heading: "Files of the release", items: items, codes: [])
  }

  private var scripts: SectionText {
    SectionText(
      heading: "The release's own maintainer scripts", items: [],
      codes: plan.scripts.map { CommandText(label: "\($0.moment) (\(Visible.line($0.interpreter))):", text: $0.text) })
  }

  private var contacts: SectionText {
    SectionText(heading: "Who to call", items: plan.contacts.map(Visible.line), codes: [])
  }
}

extension CommandText {
  init(label: String, text: String) {
    let lines = Visible.lines(text)
    self.init(label: label, lines: lines, fence: Self.fence(around: lines))
  }

  static func fence(around lines: [String]) -> String {
    var longest = 2
    for line in lines {
      var run = 0
      for character in line {
        run = character == "`" ? run + 1 : 0
        longest = max(longest, run)
      }
    }
    return String(repeating: "`", count: longest + 1)
  }
}
