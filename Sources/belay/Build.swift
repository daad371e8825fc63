import ArgumentParser
import Foundation
import Packaging
import ReleaseDescription

struct Build: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Build the package of a release.",
    discussion: """
      The package's path goes to standard output, alone; everything else goes to standard error. The file appears under its
      name when it is complete, never before.

        $ belay build
        $ belay build -f release.yaml -t dist/
        $ sudo apt-get install "$(belay build)"

      Exit: 0 built, 1 the release description is not good, 64 usage, 74 a file could not be read or written.
      """)

  @OptionGroup var description: DescriptionOption

  @Option(name: [.short, .long], help: "Where the package goes: a directory, or a file name.")
  var target = "."

  @Flag(help: "No progress bar, no warnings.")
  var quiet = false

  func run() async throws {
    let outcome = try await description.read()
    for finding in outcome.findings where finding.severity == .error || !quiet { Console.message("\(finding)") }
    guard let release = outcome.release else { throw ExitCode(1) }
    let path = path(for: release)
    let writer: DebWriter
    do {
      writer = try DebWriter(release)
    } catch {
      Console.error("\(error)")
      throw ExitCode(1)
    }
    do {
      var bar = quiet ? nil : try ProgressBar { () throws(PackagingError) in try writer.payloadSize }
      defer { bar?.clear() }
      try writer.write(to: path) { bar?.show($0) }
    } catch {
      Console.error("\(error)")
      throw ExitCode(74)
    }
    print(path)
  }

  /// With a slash in it always: apt takes a name without one for a package's.
  private func path(for release: Release) -> String {
    var isDirectory: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: target, isDirectory: &isDirectory)
    if target.hasSuffix("/") { return target + release.fileName }
    if exists && isDirectory.boolValue { return "\(target)/\(release.fileName)" }
    return target.contains("/") ? target : "./\(target)"
  }
}
