import ExternalTools
import Foundation

/// A package that belay had no hand in: a tree, made a .deb by dpkg-deb.
public struct ForeignPackage: Sendable {
  public var name: String
  public var version: String
  public var architecture = "all"
  /// More lines of the control file, for instance `["Depends": "shop (>= 2)"]`.
  public var fields: [String: String]
  /// Path in the host and text.
  public var files: [String: String]
  /// Paths of `files` that are executable.
  public var executables: Set<String> = []
  /// Paths of `files` that are conffiles.
  public var conffiles: [String] = []
  /// Script name (`preinst` …) and text.
  public var scripts: [String: String]
  /// More control files, for instance `triggers`.
  public var control: [String: String] = [:]

  public init(
    _ name: String, _ version: String, fields: [String: String] = [:], files: [String: String] = [:],
    scripts: [String: String] = [:]
  ) {
    self.name = name
    self.version = version
    self.fields = fields
    self.files = files
    self.scripts = scripts
  }

  /// Builds it.
  ///
  /// - Returns: the path of the .deb, in `directory`.
  @discardableResult
  public func build(in directory: String) async throws -> String {
    let tree = try Scratch.make()
    defer { Scratch.remove(tree) }
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: tree)
    for (path, text) in files {
      try Scratch.write(text, to: tree + path, mode: executables.contains(path) ? 0o755 : 0o644)
    }
    for (script, text) in scripts { try Scratch.write(text, to: tree + "/DEBIAN/" + script, mode: 0o755) }
    if !conffiles.isEmpty {
      try Scratch.write(conffiles.map { $0 + "\n" }.joined(), to: tree + "/DEBIAN/conffiles")
    }
    for (file, text) in control { try Scratch.write(text, to: tree + "/DEBIAN/" + file) }
    try Scratch.write(controlFile, to: tree + "/DEBIAN/control")
    let deb = "\(directory)/\(name)_\(version.replacingOccurrences(of: ":", with: "%3a"))_\(architecture).deb"
    _ = try await Tool("dpkg-deb", ["--root-owner-group", "-Znone", "--build", tree, deb]).run()
    return deb
  }

  private var controlFile: String {
    let required = """
      Package: \(name)
      Version: \(version)
      Architecture: \(architecture)
      Maintainer: Test <test@example.org>
      Description: made by a test

      """
    return required + fields.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)\n" }.joined()
  }
}
