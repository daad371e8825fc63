import ExternalTools
import Foundation
import ReturnProof
import TestSupport

/// What the real apt-get says of the same root, in the host's own words for the return.
extension ConstructedRoot {
  struct Decision: Equatable {
    var isDone: Bool
    /// `NAME FROM TO`, `-` for none.
    var changes: Set<String> = []
  }

  func aptUpgrades(to deb: String) async throws -> Decision {
    try await apt(
      status: directory + "/var/lib/dpkg/status",
      ["-y", "--allow-downgrades", "--allow-change-held-packages", "install", deb])
  }

  /// The return from the state that the upgrade leaves, with the host program's RETURN.conf and arguments.
  func aptReturns(_ proof: ReturnProof) async throws -> Decision {
    var status = installed.filter { stanza in !proof.changes.contains { $0.package == RootFile.key(stanza) } }
    for change in proof.changes {
      guard let version = change.to else { continue }
      let stanza = try find(change.package, version, in: [offered] + archive)
      let state = change.package == proof.package ? "half-configured" : "installed"
      status.append(stanza.replacingOccurrences(of: "\nVersion:", with: "\nStatus: install ok \(state)\nVersion:"))
    }
    try Data(status.map { $0 + "\n\n" }.joined().utf8).write(to: URL(fileURLWithPath: scratch + "/after"))
    var arguments: [String] = []
    for deb in proof.debs {
      arguments.append(
        try await build(try find(deb.key, deb.version, in: installed), as: "\(deb.package)_\(deb.architecture).deb"))
    }
    arguments += proof.removed.map { $0 + "-" }
    let piece = try String(
      contentsOfFile: Checkout.directory + "/templates/maintscript/return-conf.sh", encoding: .utf8)
    let lines = piece.components(separatedBy: "<<CONF &&\n").last?.components(separatedBy: "\nCONF\n").first ?? ""
    try Data(lines.replacingOccurrences(of: "$tx", with: scratch).utf8).write(
      to: URL(fileURLWithPath: scratch + "/return.conf"))
    return try await apt(
      status: scratch + "/after", ["-c", scratch + "/return.conf", "-y", "--reinstall", "install"] + arguments)
  }

  func find(_ name: String, _ version: String, in stanzas: [String]) throws -> String {
    let words = name.split(separator: ":")
    let architecture = words.count > 1 ? "\nArchitecture: \(words[1])" : "\nArchitecture: a"
    let found = stanzas.first {
      $0.hasPrefix("Package: \(words[0])\n") && $0.contains("\nVersion: \(version)\n") && $0.contains(architecture)
    }
    guard let found else { throw NotInTheFile(description: "\(name) \(version)") }
    return found
  }

  private struct NotInTheFile: Error, CustomStringConvertible { let description: String }

  private func apt(status: String, _ arguments: [String]) async throws -> Decision {
    let architectures = (["amd64"] + file.foreign).map { "\"\($0)\"; " }.joined()
    let configuration = """
      Dir "\(directory)/"; APT::Architecture "amd64"; APT::Architectures { \(architectures) }; Dir::State::status "\(status)";
      Dir::Cache::pkgcache ""; Dir::Cache::srcpkgcache ""; Debug::NoLocking "true";
      """
    try Data(configuration.utf8).write(to: URL(fileURLWithPath: scratch + "/apt.conf"))
    let environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "APT_CONFIG": scratch + "/apt.conf"]
    let result = try await Tool("apt-get", ["-s"] + arguments, environment: environment).run(accepting: nil)
    guard result.exitCode == 0 else { return Decision(isDone: false) }
    var changes: Set<String> = []
    for line in result.outputText.split(separator: "\n") {
      guard let found = line.firstMatch(of: /^(Inst|Remv) (\S+)(?: \[(\S+)\])?(?: \((\S+))?/) else { continue }
      changes.insert("\(found.2) \(found.3 ?? "-") \(found.1 == "Inst" ? found.4 ?? "-" : "-")")
    }
    return Decision(isDone: true, changes: changes)
  }
}

extension ConstructedRoot {
  /// What the host program's own `return_set` prints about the run: `back NAME VERSION`, `remove NAME`.
  func hostsSet(_ proof: ReturnProof) async throws -> Set<String> {
    let control = scratch + "/tx/new-control"
    try FileManager.default.createDirectory(atPath: control, withIntermediateDirectories: true)
    var run = ""
    for change in proof.changes {
      let path = change.to == nil ? "**REMOVE**" : "/x.deb"
      let words = change.package.split(separator: ":")
      let (name, of) = (words[0], words.count > 1 ? words[1] : "amd64")
      let old = change.from.map { "\($0) \(of)" } ?? "- -"
      run += "\(name) \(old) none < \(change.to ?? "-") \(of) none \(path)\n"
      guard let version = change.to else { continue }
      let stanza = try find(change.package, version, in: [offered] + archive)
      try Data((stanza + "\n").utf8).write(to: URL(fileURLWithPath: control + "/" + change.package))
    }
    try Data(run.utf8).write(to: URL(fileURLWithPath: scratch + "/tx/run"))
    let piece = try String(
      contentsOfFile: Checkout.directory + "/templates/maintscript/return-set.sh", encoding: .utf8)
    // The one place of the piece that names the host's database.
    let script = piece.replacingOccurrences(
      of: "\"/var/lib/dpkg/status\"", with: "\"\(directory)/var/lib/dpkg/status\"")
    let program = script + "\nbelay_package=$1 tx=$2 belay_set_members=''\nreturn_set\n"
    let result = try await Tool("sh", ["-ec", program, "sh", proof.package, scratch + "/tx"]).run()
    return Set(
      result.outputText.split(separator: "\n").map { line in
        let words = line.split(separator: " ")
        return words[0] == "back" ? "back \(RootFile.key(words[1], words[2])) \(words[3])" : String(line)
      })
  }
}
