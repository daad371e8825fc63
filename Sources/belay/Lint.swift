import ArgumentParser
import Foundation
import ReleaseDescription

struct Lint: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say everything that is wrong with a release description.",
    discussion: """
      Findings go to standard output, one a line, as file:line:column; the summary goes to standard error.
      Nothing is run and nothing is written.

        $ belay lint -f release.yaml

      Exit: 0 no error, 1 errors, 64 usage, 74 the file could not be read.
      """)

  @OptionGroup var description: DescriptionOption

  @Flag(help: "Print the findings as a JSON array.")
  var json = false

  @Flag(help: "Print no summary.")
  var quiet = false

  func run() async throws {
    let outcome = try await description.read()
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      print(String(decoding: try encoder.encode(outcome.findings), as: UTF8.self))
    } else {
      for finding in outcome.findings { print(finding) }
    }
    if !quiet { Console.message(outcome.summary) }
    if outcome.release == nil { throw ExitCode(1) }
  }
}
