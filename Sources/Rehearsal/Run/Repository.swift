import ExternalTools
import Foundation
import Templates

/// What every host of a rehearsal sees as `/srv/repo`: a flat apt repository with both versions, and our own scripts.
struct Repository: Sendable {
  /// What makes a version higher than the new one.
  static let nextSuffix = "+next"

  let directory: String
  let old: Subject?
  let new: Subject

  func write() async throws(RehearsalError) {
    do {
      try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
      for subject in [old, new].compactMap({ $0 }) {
        let name = URL(fileURLWithPath: subject.path).lastPathComponent
        let target = "\(directory)/\(name)"
        // A link where the file systems allow it: packages may be large.
        do {
          try FileManager.default.linkItem(atPath: subject.path, toPath: target)
        } catch {
          try FileManager.default.copyItem(atPath: subject.path, toPath: target)
        }
      }
    } catch {
      throw .file(path: directory, reason: error.localizedDescription)
    }
    for tool in Templates.insideTools {
      try HostTools.write(tool.bytes, to: "\(directory)/tools/\(tool.name)", mode: 0o755)
    }
    var index = ""
    for subject in [old, new].compactMap({ $0 }) { index += try await entry(subject) }
    try HostTools.write(Array(index.utf8), to: "\(directory)/Packages")
    try await writeNext()
  }

  /// One stanza of Packages: the control file and where the .deb is.
  private func entry(_ subject: Subject) async throws(RehearsalError) -> String {
    do {
      let control = try await Tool("dpkg-deb", ["--field", subject.path]).run().outputText
      let size = try FileManager.default.attributesOfItem(atPath: subject.path)[.size] as? Int ?? 0
      let name = URL(fileURLWithPath: subject.path).lastPathComponent
      return control + "Filename: ./\(name)\nSize: \(size)\nSHA256: \(subject.sha256)\n\n"
    } catch let error as ToolError {
      throw .tool(error)
    } catch {
      throw .file(path: subject.path, reason: error.localizedDescription)
    }
  }

  /// The release after this one: the same package with a higher version, for what happens to it later.
  private func writeNext() async throws(RehearsalError) {
    let tree = directory + "/next"
    let version = new.version + Self.nextSuffix
    do {
      try FileManager.default.createDirectory(atPath: tree, withIntermediateDirectories: true)
      _ = try await Tool("dpkg-deb", ["--raw-extract", new.path, tree + "/tree"]).run()
      for name in ["control", "preinst", "postinst", "prerm", "postrm"] {
        let path = "\(tree)/tree/DEBIAN/\(name)"
        guard var text = try? String(contentsOfFile: path, encoding: .utf8) else { continue }
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int ?? 0o755
        text = text.replacingOccurrences(of: "\nVersion: \(new.version)\n", with: "\nVersion: \(version)\n")
        text = text.replacingOccurrences(
          of: "# belay-program 1 \(new.name) \(new.version)\n", with: "# belay-program 1 \(new.name) \(version)\n")
        text = text.replacingOccurrences(
          of: "\nbelay_version='\(new.version)'\n", with: "\nbelay_version='\(version)'\n")
        try HostTools.write(Array(text.utf8), to: path, mode: mode)
      }
      _ = try await Tool("dpkg-deb", ["-Znone", "--build", tree + "/tree", tree + "/next.deb"], timeout: .seconds(600))
        .run()
      try FileManager.default.removeItem(atPath: tree + "/tree")
    } catch let error as ToolError {
      throw .tool(error)
    } catch let error as RehearsalError {
      throw error
    } catch {
      throw .file(path: tree, reason: error.localizedDescription)
    }
  }
}
