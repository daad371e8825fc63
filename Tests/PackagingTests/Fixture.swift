import ExternalTools
import Foundation
import ReleaseDescription
import Testing

@testable import Packaging

/// A scratch directory with sources and a release made of them; removed when the fixture goes.
final class Fixture: Sendable {
  let directory: String

  init() throws {
    var template = Array("\(NSTemporaryDirectory())belay-packaging-XXXXXX".utf8CString)
    directory = String(cString: try #require(mkdtemp(&template)))
  }

  deinit { try? FileManager.default.removeItem(atPath: directory) }

  func path(_ name: String) -> String { "\(directory)/\(name)" }

  /// Writes a source and returns its path.
  func source(_ name: String, _ text: String) throws -> String {
    try text.write(toFile: path(name), atomically: false, encoding: .utf8)
    return path(name)
  }

  var files: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: directory).sorted() }
  }

  /// Builds into the fixture's directory and returns the package's path.
  func build(_ release: Release, as name: String = "out.deb") throws -> String {
    try DebWriter(release).write(to: path(name))
    return path(name)
  }

  static func control(_ change: (inout Control) -> Void = { _ in }) -> Control {
    var control = Control(
      name: "shop", version: "1:1.4.0-1", architecture: "amd64", section: "web", priority: "optional",
      maintainer: "Release Team <release@example.com>", description: "sells things", homepage: nil, relations: [],
      fields: [])
    change(&control)
    return control
  }

  static func release(
    _ contents: [Content] = [], scripts: UserScripts = UserScripts(), belay: Belay? = nil,
    compression: Compression = Compression(.zstd, level: 3), _ change: (inout Release) -> Void = { _ in }
  ) -> Release {
    var release = Release(
      control: control(), contents: contents, scripts: scripts, compression: compression,
      modificationTime: 1_700_000_000, belay: belay)
    change(&release)
    return release
  }
}

/// Standard output of a program that must succeed.
func run(_ program: String, _ arguments: String..., environment: [String: String]? = nil) async throws -> String {
  try await Tool(program, arguments, environment: environment).run().outputText
}
