import ArgumentParser
import Packaging

@main
struct BelayCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "belay", abstract: "Build a Debian package that has a proved way back.",
    version: Generator.version,
    subcommands: [
      Build.self, Lint.self, PlanCommand.self, Inspect.self, CanReturn.self, Rehearse.self, NotBuiltYet.self,
    ])
}
