/// The Plan B, laid out: every line is blank, a remark that begins with `# `, or a command that begins with four spaces.
struct ManualPages {
  let plan: Plan

  var text: ManualPage {
    ManualPage(
      override: ShellWord.quoted(HostPaths(package: plan.package.name).override),
      subject: Visible.line("\(plan.package.name) \(plan.package.version)"), intro: intro, steps: steps, code: [],
      fence: "")
  }

  func markdown() throws -> ManualPage {
    var page = text
    page.code = try DocumentTemplate.manualText.render(page).split(separator: "\n", omittingEmptySubsequences: false)
      .map(String.init)
    page.intro = ["For a person, when belay's own return failed or its programs are gone."]
    page.fence = CommandText.fence(around: page.code)
    return page
  }

  private var steps: [ManualStepText] {
    plan.planB.enumerated().map { index, step in
      ManualStepText(
        stepNumber: index + 1, stepTitle: step.title,
        lines: step.lines.flatMap { line in
          switch line {
          case .remark(let text): ["# " + text]
          case .command(let text): text.split(separator: "\n").map { "    " + $0 }
          }
        })
    }
  }

  private var intro: [String] {
    [
      "For a person in a root shell (sudo -i; bash), when belay's own return failed or its programs are gone.",
      "Lines that begin with four spaces are commands: copy them one by one, in order, and stop at the first one that fails.",
      "All of them can be run at once, in the same way: bash -e plan-b.txt",
    ] + plan.contacts.map { "Call: " + Visible.line($0) }
  }
}
