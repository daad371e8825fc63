import ArgumentParser
import Packaging

struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print what a package will do on a host, read from the package alone.",
    discussion: """
      The plans of a package that belay built, made again from its own program, which is read and never run; of any other
      package its files and maintainer scripts. Whether belay really built the program is looked at as well.

        $ belay inspect guestbook_1.2.0_all.deb
        $ belay inspect --json guestbook_1.2.0_all.deb

      Exit: 0 printed, 1 it is no package, is damaged, or is not what belay builds; 64 usage, 74 it could not be read.
      """)

  @Argument(help: "The package.")
  var package: String

  @Flag(help: "Print the plan as JSON, as belay plan --format json does for its release description.")
  var json = false

  func run() throws {
    let inspection: Inspection
    do {
      inspection = try Inspection(package)
    } catch {
      Console.error("\(error)")
      if case .file = error { throw ExitCode(74) }
      throw ExitCode(1)
    }
    print(json ? try Plans.json(inspection.plan) : try inspection.text, terminator: "")
    for doubt in inspection.doubts { Console.error(doubt) }
    if !inspection.doubts.isEmpty { throw ExitCode(1) }
  }
}
