import ArgumentParser
import Packaging

struct PlanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Print what a release will do on a host, and what takes it back.",
    discussion: """
      The update plan, the fallback plan and the Plan B, in the order in which everything happens. The same three documents
      are in the package; on a host, belay-PACKAGE plan prints them.

        $ belay plan
        $ belay plan -f release.yaml --format markdown >plan.md

      Exit: 0 printed, 1 the release description is not good, 64 usage, 74 it could not be read.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, markdown, html, json }

  @OptionGroup var description: DescriptionOption

  @Option(help: "How it is written.")
  var format = Format.text

  func run() async throws {
    if format == .html {
      Console.error("'--format html' is not built yet", hint: "use text, markdown or json")
      throw ExitCode(64)
    }
    let outcome = try await description.read()
    for finding in outcome.findings where finding.severity == .error { Console.message("\(finding)") }
    guard let release = outcome.release else { throw ExitCode(1) }
    let plan = Plan(of: release)
    switch format {
    case .text: print(try Plans.text(plan), terminator: "")
    case .markdown: print(try Plans.markdown(plan), terminator: "")
    case .json: print(try Plans.json(plan), terminator: "")
    case .html: break
    }
  }
}
