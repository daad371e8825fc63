import ExternalTools
import Foundation
import TestSupport

/// A file of Roots/: sections that begin with `== NAME`, stanzas without the fields that are always the same.
///
/// A stanza's `Files` are the paths that the package brings; those in /etc are conffiles.
struct RootFile {
  let installed: [String]
  /// By the directory of the repository.
  let archives: [(place: String, stanzas: [String])]
  let offered: String
  /// Lines of the answer.
  let expected: [String]
  let foreign: [String]
  /// Names of packages that nobody asked for.
  let automatic: [String]
  let preferences: String
  let configuration: String
  /// dpkg's journal is not empty.
  let isInterrupted: Bool

  init(_ path: String) throws {
    let text = try String(contentsOfFile: Checkout.directory + "/" + path, encoding: .utf8)
    var sections: [String: String] = [:]
    for section in ("\n" + text).components(separatedBy: "\n== ").dropFirst() {
      let lines = section.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
      sections[String(lines[0])] = (lines.count > 1 ? String(lines[1]) : "") + "\n"
    }
    let stanzas = { (name: String) in
      (sections[name] ?? "").components(separatedBy: "\n\n").map { $0.trimmingCharacters(in: .newlines) }
        .filter { !$0.isEmpty }.map { $0 + ($0.contains("\nArchitecture:") ? "" : "\nArchitecture: amd64") }
    }
    let lines = { (name: String) in (sections[name] ?? "").split(separator: "\n").map(String.init) }
    installed = stanzas("installed")
    archives = [(".", stanzas("archive"))] + (sections["second"] == nil ? [] : [("second", stanzas("second"))])
    offered = stanzas("offered").first ?? ""
    expected = lines("answer")
    foreign = lines("foreign")
    automatic = lines("automatic")
    preferences = sections["preferences"] ?? ""
    configuration = sections["apt.conf"] ?? ""
    isInterrupted = sections["interrupted"] != nil
    let known: Set = [
      "installed", "archive", "second", "offered", "answer", "foreign", "automatic", "preferences", "apt.conf",
      "interrupted",
    ]
    guard Set(sections.keys).isSubset(of: known) else { throw Unknown(description: "\(path): \(sections.keys)") }
  }

  private struct Unknown: Error, CustomStringConvertible { let description: String }

  var archive: [String] { archives.flatMap(\.stanzas) }

  static func field(_ name: String, of stanza: String) -> String? {
    stanza.split(separator: "\n").first { $0.hasPrefix(name + ": ") }.map { String($0.dropFirst(name.count + 2)) }
  }

  /// As a run tells packages apart: the name, with its architecture if that is foreign.
  static func key(_ name: Substring, _ architecture: Substring) -> String {
    architecture == "amd64" || architecture == "all" ? String(name) : "\(name):\(architecture)"
  }

  static func key(_ stanza: String) -> String {
    key((field("Package", of: stanza) ?? "")[...], (field("Architecture", of: stanza) ?? "")[...])
  }

  /// `Status` is the third word: `half-configured`, …
  static func state(of stanza: String) -> String {
    field("Status", of: stanza)?.split(separator: " ").last.map(String.init) ?? "installed"
  }
}

/// Packages made from stanzas, by dpkg-deb.
enum StanzaPackages {
  /// Builds all of them in `directory` with one call.
  ///
  /// - Returns: their paths, in the order of the stanzas.
  static func build(_ packages: [(stanza: String, path: String)], in directory: String) async throws -> [String] {
    let trees = directory + "/trees"
    defer { Scratch.remove(trees) }
    var commands = "set -e\n"
    for (number, package) in packages.enumerated() {
      let tree = "\(trees)/\(number)"
      try lay(package.stanza, in: tree)
      commands += """
        chmod -R u=rwX,go=rX '\(tree)'; mkdir -p "$(dirname '\(package.path)')"
        dpkg-deb --root-owner-group -Znone -b '\(tree)' '\(package.path)'

        """
    }
    _ = try await Tool("sh", ["-c", commands]).run()
    return packages.map(\.path)
  }

  private static func lay(_ stanza: String, in tree: String) throws {
    let dropped = ["Status:", "Config-Version:", "Files:"]
    let lines = stanza.split(separator: "\n").filter { line in !dropped.contains { line.hasPrefix($0) } }
    let rest = "\nMaintainer: Tests <tests@example.org>\nDescription: a package of the tests\n"
    try Scratch.write(lines.joined(separator: "\n") + rest, to: tree + "/DEBIAN/control")
    let files = (RootFile.field("Files", of: stanza) ?? "").split(separator: " ").map(String.init)
    for file in files { try Scratch.write(stanza, to: tree + file) }
    let conffiles = files.filter { $0.hasPrefix("/etc/") }
    if !conffiles.isEmpty { try Scratch.write(conffiles.map { $0 + "\n" }.joined(), to: tree + "/DEBIAN/conffiles") }
  }
}
