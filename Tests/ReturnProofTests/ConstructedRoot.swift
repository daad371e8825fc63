import ExternalTools
import Foundation
import TestSupport

/// A root directory made from a file: sections that begin with `== NAME`, stanzas without the fields that are always the same.
struct ConstructedRoot {
  let directory: String
  /// Lines of the answer.
  let expected: [String]
  let scratch: String
  let offered: String
  let installed: [String]
  let archive: [String]

  init(_ path: String, in scratch: String, apt: String = "2.6.1") throws {
    self.scratch = scratch
    directory = scratch + "/root"
    let text = try String(contentsOfFile: Checkout.directory + "/" + path, encoding: .utf8)
    var sections: [String: String] = [:]
    for section in ("\n" + text).components(separatedBy: "\n== ").dropFirst() {
      let lines = section.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
      sections[String(lines[0])] = (lines.count > 1 ? String(lines[1]) : "") + "\n"
    }
    let stanzas = { (name: String) in
      (sections[name] ?? "").components(separatedBy: "\n\n").map { $0.trimmingCharacters(in: .newlines) }
        .filter { !$0.isEmpty }.map(Self.filled)
    }
    archive = stanzas("archive")
    offered = stanzas("offered").first ?? ""
    expected = (sections["answer"] ?? "").split(separator: "\n").map(String.init)
    let base = [
      "Package: dpkg\nVersion: 1.21.22\nArchitecture: amd64", "Package: apt\nVersion: \(apt)\nArchitecture: amd64",
    ]
    installed = (base + stanzas("installed")).map {
      $0.contains("\nStatus:")
        ? $0 : $0.replacingOccurrences(of: "\nVersion:", with: "\nStatus: install ok installed\nVersion:")
    }
    try write("var/lib/dpkg/status", installed.map { $0 + "\n\n" }.joined())
    let packages = archive.map { stanza in
      "\(stanza)\nFilename: ./a.deb\nSize: 1000\nSHA256: \(String(repeating: "0", count: 64))\n\n"
    }
    try write("var/lib/apt/lists/_archive_._Packages", packages.joined())
    try write("etc/apt/sources.list", "deb [trusted=yes] file:/archive ./\n")
    try write("etc/apt/preferences", sections["preferences"] ?? "")
  }

  private static func filled(_ stanza: String) -> String {
    stanza + (stanza.contains("\nArchitecture:") ? "" : "\nArchitecture: amd64")
  }

  func write(_ path: String, _ text: String) throws {
    let file = URL(fileURLWithPath: directory + "/" + path)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  /// The offered package, by dpkg-deb.
  func buildPackage() async throws -> String {
    try await build(offered, as: "offered.deb")
  }

  func build(_ stanza: String, as name: String) async throws -> String {
    let tree = scratch + "/tree-" + name
    try FileManager.default.createDirectory(atPath: tree + "/DEBIAN", withIntermediateDirectories: true)
    let stanza = stanza.split(separator: "\n").filter { !$0.hasPrefix("Status:") && !$0.hasPrefix("Config-Version:") }
    let control =
      stanza.joined(separator: "\n") + "\nMaintainer: Tests <tests@example.org>\nDescription: a package of the tests\n"
    try Data(control.utf8).write(to: URL(fileURLWithPath: tree + "/DEBIAN/control"))
    _ = try await Tool("dpkg-deb", ["--root-owner-group", "-Znone", "-b", tree, scratch + "/" + name]).run()
    return scratch + "/" + name
  }

  /// The command, as anybody runs it.
  func ask(_ arguments: String..., json: Bool = true) async throws -> Tool.Result {
    let environment = ["PATH": "/usr/bin:/bin", "HOME": scratch, "XDG_CACHE_HOME": scratch + "/cache"]
    return try await Tool(
      Checkout.belay, ["can-return"] + (json ? ["--json"] : []) + arguments, environment: environment
    ).run(
      accepting: nil)
  }
}
