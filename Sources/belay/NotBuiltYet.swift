import ArgumentParser

/// The commands of the design that this version does not have: they say so, whatever follows them, and do nothing.
struct NotBuiltYet: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", shouldDisplay: false,
    aliases: ["audit", "capture", "approve", "approvals"])

  @Argument(parsing: .captureForPassthrough) var arguments: [String] = []

  func run() throws {
    let names = [Self.configuration.commandName ?? ""] + Self.configuration.aliases
    let name = CommandLine.arguments.first { names.contains($0) } ?? "this"
    Console.error(
      "'\(name)' is not built yet", hint: "this version has build, lint, plan, inspect, can-return and rehearse")
    throw ExitCode(64)
  }
}
