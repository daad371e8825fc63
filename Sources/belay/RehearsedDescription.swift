import ArgumentParser
import Foundation
import Rehearsal
import ReleaseDescription

/// The release description beside the package: `rehearsal:`, and the lines that findings name.
struct RehearsedDescription {
  /// nil: release.yaml or nfpm.yaml of this directory, where that is there and can be read.
  let file: String?

  /// - Throws: `ExitCode` when a file that was named cannot be used; that is said.
  func apply(to options: inout RehearsalOptions) async throws {
    let found = DescriptionOption.defaultFiles.first { FileManager.default.fileExists(atPath: $0) }
    guard let path = file ?? found else { return }
    let reader = ReleaseReader(
      surroundings: Surroundings(
        variables: ProcessInfo.processInfo.environment, directory: FileManager.default.currentDirectoryPath))
    do {
      let outcome = try await reader.read(file: path)
      guard let release = outcome.release else {
        if file == nil { return Console.message("belay: \(path) is not used: it has errors; see: belay lint") }
        for finding in outcome.findings where finding.severity == .error { Console.message("\(finding)") }
        throw ExitCode(1)
      }
      let name = URL(fileURLWithPath: options.new).lastPathComponent
      if file == nil, !name.hasPrefix(release.control.name + "_") {
        return Console.message("belay: \(path) is not used: it describes \(release.control.name)")
      }
      options.include = release.rehearsal?.include ?? []
      options.before = release.rehearsal?.before?.script.text ?? ""
      options.allow = (release.rehearsal?.allow ?? []).map { ($0.path, $0.why) }
      let locations = try reader.locations(file: path)
      options.location = { key in locations.position(of: key).map { "\(path):\($0.line)" } }
    } catch let error as ExitCode {
      throw error
    } catch {
      guard file != nil else { return }
      Console.error("\(error)")
      throw ExitCode(74)
    }
  }
}
