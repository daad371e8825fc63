import ArgumentParser

@main
struct BelayCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "belay", abstract: "Build a Debian package that has a proved way back.",
    subcommands: [Lint.self])
}
