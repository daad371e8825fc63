import ArgumentParser
import Foundation
import ReleaseDescription

/// `-f FILE`, the same in every command that starts from a release description.
struct DescriptionOption: ParsableArguments {
  /// Looked for in this order.
  static let defaultFiles = ["release.yaml", "nfpm.yaml"]

  @Option(name: [.short, .long], help: "The release description; else release.yaml, then nfpm.yaml.")
  var file: String?

  /// Reads it; when that cannot be, says so and ends with 74.
  func read() async throws -> ReleaseReader.Outcome {
    let surroundings = Surroundings(
      variables: ProcessInfo.processInfo.environment, directory: FileManager.default.currentDirectoryPath)
    do {
      return try await ReleaseReader(surroundings: surroundings).read(file: path)
    } catch {
      Console.error("\(error)", hint: file == nil ? "name it: -f FILE" : nil)
      throw ExitCode(74)
    }
  }

  /// As the findings show it.
  private var path: String {
    if let file { return file }
    let existing = Self.defaultFiles.first { FileManager.default.fileExists(atPath: $0) }
    return existing ?? Self.defaultFiles[0]
  }
}
