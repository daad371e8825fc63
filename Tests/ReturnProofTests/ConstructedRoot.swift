import ExternalTools
import Foundation
import ReturnProof
import TestSupport

/// A root directory made from a file of Roots/.
struct ConstructedRoot {
  let directory: String
  let scratch: String
  let file: RootFile
  /// dpkg's stanzas.
  let installed: [String]

  var expected: [String] { file.expected }
  var offered: String { file.offered }
  var archive: [String] { file.archive }

  init(_ path: String, in scratch: String, apt: String = "2.6.1") throws {
    self.scratch = scratch
    directory = scratch + "/root"
    file = try RootFile(path)
    let base = [
      "Package: dpkg\nVersion: 1.21.22\nArchitecture: amd64", "Package: apt\nVersion: \(apt)\nArchitecture: amd64",
    ]
    installed = (base + file.installed).map {
      $0.contains("\nStatus:")
        ? $0 : $0.replacingOccurrences(of: "\nVersion:", with: "\nStatus: install ok installed\nVersion:")
    }
    try write("var/lib/dpkg/status", installed.map { $0 + "\n\n" }.joined())
    try write("var/lib/dpkg/arch", (["amd64"] + file.foreign).map { $0 + "\n" }.joined())
    var sources = ""
    for archive in file.archives {
      let packages = archive.stanzas.map { stanza in
        "\(stanza)\nFilename: \(archive.place)/a.deb\nSize: 1000\nSHA256: \(String(repeating: "0", count: 64))\n\n"
      }
      try write("var/lib/apt/lists/_archive_\(archive.place)_Packages", packages.joined())
      sources += "deb [trusted=yes] file:/archive \(archive.place)/\n"
    }
    try write("etc/apt/sources.list", sources)
    try write("etc/apt/preferences", file.preferences)
    try write("etc/apt/apt.conf", file.configuration)
    if file.isInterrupted { try write("var/lib/dpkg/updates/0000", installed.last ?? "") }
    let marks = file.automatic.map { "Package: \($0)\nArchitecture: amd64\nAuto-Installed: 1\n\n" }
    try write("var/lib/apt/extended_states", marks.joined())
  }

  func write(_ path: String, _ text: String) throws { try Scratch.write(text, to: directory + "/" + path) }

  /// The offered package, by dpkg-deb.
  func buildPackage() async throws -> String {
    try await build(offered, as: "offered.deb")
  }

  func build(_ stanza: String, as name: String) async throws -> String {
    try await StanzaPackages.build([(stanza, scratch + "/" + name)], in: scratch)[0]
  }

  func ask(_ arguments: String..., json: Bool = true) async throws -> Tool.Result {
    try await CanReturnCommand.run((json ? ["--json"] : []) + arguments, home: scratch)
  }
}

/// The command, as anybody runs it.
enum CanReturnCommand {
  static func run(_ arguments: [String], home: String) async throws -> Tool.Result {
    let environment = ["PATH": "/usr/bin:/bin", "HOME": home, "XDG_CACHE_HOME": home + "/cache"]
    return try await Tool(Checkout.belay, ["can-return"] + arguments, environment: environment).run(accepting: nil)
  }

  /// The one answer about a package file and a root.
  static func proof(_ deb: String, root: String, home: String) async throws -> ReturnProof {
    let result = try await run(["--json", deb, "--root", root], home: home)
    guard let proof = try? JSONDecoder().decode([ReturnProof].self, from: Data(result.output)).first else {
      throw NoAnswer(description: result.errorText)
    }
    return proof
  }

  struct NoAnswer: Error, CustomStringConvertible { let description: String }
}

extension ReturnProof.Deb {
  var key: String { RootFile.key(package[...], architecture[...]) }
}

extension ReturnProof {
  /// As the files of Roots/ write it.
  var lines: [String] {
    var lines = [canReturn ? "yes" : "no"]
    lines += changes.map { "upgrade \($0.package) \($0.from ?? "-") \($0.to ?? "-")" }
    lines += debs.map { "return \($0.key) \($0.version)" } + removed.map { "remove \($0)" }
    return lines + reasons.map { "because \($0)" } + remedies.map { "do \($0)" }
  }

  var refusesUpgrade: Bool { reasons.contains { $0.hasPrefix("apt would refuse the upgrade") } }
  var refusesReturn: Bool {
    reasons.contains { $0.hasPrefix("apt would refuse the return") || $0.hasPrefix("the return would remove") }
  }
}
