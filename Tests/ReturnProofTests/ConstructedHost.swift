import ExternalTools
import Foundation
import ReturnProof
import TestSupport

/// A throw-away host made from a file of Roots/: real packages, installed by the real dpkg, and repositories that the real apt reads.
struct ConstructedHost {
  let host: TestSupport.Host
  let file: RootFile
  let name: String
  let offered: String

  /// What dpkg says is there, by the key of the package: its version and state.
  typealias States = [String: String]

  /// - Parameter scratch: a directory of the machine, for packages on their way.
  init(_ path: String, on host: TestSupport.Host, scratch: String) async throws {
    self.host = host
    file = try RootFile(path)
    name = RootFile.field("Package", of: file.offered) ?? ""
    let old = file.installed.map { stanza in
      let fields = ["Package", "Version", "Architecture"].map { RootFile.field($0, of: stanza) ?? "" }
      return (
        stanza: stanza, path: "\(scratch)/repo/installed/\(fields.joined(separator: "_").replacing(":", with: ".")).deb"
      )
    }
    let archived = file.archives.flatMap { archive in
      archive.stanzas.enumerated().map { (stanza: $1, path: "\(scratch)/repo/\(archive.place)/\($0).deb") }
    }
    offered = "/srv/repo/offered.deb"
    let packages = old + archived + [(stanza: file.offered, path: scratch + "/repo/offered.deb")]
    _ = try await StanzaPackages.build(packages, in: scratch)
    try await index(scratch + "/repo")
    try host.bringTree(from: scratch + "/repo")
    try await host.write("/root/pieces", try Self.pieces())
    try await host.write("/root/before", Self.before, mode: "0755")
    try await host.succeed(try setUp())
  }

  /// The index of each repository: two of them may have different packages of one version, which dpkg-scanpackages would not list.
  private func index(_ repository: String) async throws {
    for archive in file.archives {
      let directory = "\(repository)/\(archive.place)"
      try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
      var index = ""
      for (number, stanza) in archive.stanzas.enumerated() {
        let deb = "\(archive.place)/\(number).deb"
        let sum = try await Tool("sha256sum", [repository + "/" + deb]).run().outputText.prefix(64)
        let size = try Data(contentsOf: URL(fileURLWithPath: repository + "/" + deb)).count
        index += "\(stanza)\nFilename: \(deb)\nSize: \(size)\nSHA256: \(sum)\n\n"
      }
      try Scratch.write(index, to: directory + "/Packages")
    }
  }

  /// The host program's own pieces that tell the set and give it to apt, with what they take from the rest of it.
  private static func pieces() throws -> String {
    let texts = try ["run-list", "return-set", "return-conf"].map {
      try String(contentsOfFile: "\(Checkout.directory)/templates/maintscript/\($0).sh", encoding: .utf8)
    }
    return texts.joined() + "\ntx=/root/tx new_deb='' belay_set_members=''\nmkdir -p $tx/wayback\n"
  }

  /// apt's hook, as the host program has it: the set is told from the run that is about to begin.
  private static let before = """
    #!/bin/sh
    set -e
    . /root/pieces
    . /root/names
    sed '1,/^$/d' >$tx/run
    read_run
    return_set >$tx/set.found

    """

  /// States that no installation ends in are written.
  private func setUp() throws -> String {
    var script = """
      set -e
      printf '%s\\n' \(file.archives.map { "'deb [trusted=yes] file:/srv/repo \($0.place)/'" }.joined(separator: " ")) \
        >/etc/apt/sources.list
      cat >/etc/apt/preferences <<'EOF'
      \(file.preferences)
      EOF
      cat >/etc/apt/apt.conf <<'EOF'
      \(file.configuration)
      DPkg::Pre-Install-Pkgs { "/root/before"; };
      DPkg::Tools::Options::/root/before::Version "3";
      EOF
      export DEBIAN_FRONTEND=noninteractive
      printf "belay_package=\(name) old_version=%s\\n" "$(dpkg-query -W -f '${Version}' \(name) 2>/dev/null)" >/root/names

      """
    for architecture in file.foreign { script += "dpkg --add-architecture \(architecture)\n" }
    if !file.installed.isEmpty { script += "dpkg --force-all -i /srv/repo/installed/*.deb >/root/log 2>&1\n" }
    for stanza in file.installed {
      let package = RootFile.field("Package", of: stanza) ?? ""
      let qualified = package + ":" + (RootFile.field("Architecture", of: stanza) ?? "")
      switch RootFile.state(of: stanza) {
      case "installed": break
      case "config-files": script += "dpkg -r \(qualified) >>/root/log\n"
      case let state:
        let change = "s/^Status:.*/Status: install ok \(state)/"
        script += "sed -i '/^Package: \(package)$/,/^$/ \(change)' /var/lib/dpkg/status\n"
      }
      if stanza.contains("\nStatus: hold") { script += "echo '\(package) hold' | dpkg --set-selections\n" }
    }
    if !file.automatic.isEmpty {
      script += "apt-mark -qq auto \(file.automatic.joined(separator: " "))\n"
    }
    script += "apt-get -qq update\n"
    if file.isInterrupted { script += "dpkg-query -s \(name) >/var/lib/dpkg/updates/0000\n" }
    return script
  }

  /// The answer of `belay can-return` about this very host, read as a container's root.
  func proof(scratch: String) async throws -> ReturnProof {
    try await CanReturnCommand.proof(scratch + "/repo/offered.deb", root: try host.root, home: scratch)
  }

  /// Whether the real apt can have this version from its sources.
  func canFetch(_ deb: ReturnProof.Deb) async throws -> Bool {
    let wanted = "\(deb.package):\(deb.architecture)=\(deb.version)"
    return try await host.run("cd /tmp && apt-get -q download \(wanted)").status == 0
  }

  func states() async throws -> States {
    let format = "${Package} ${Architecture} ${Version} ${db:Status-Status}\\n"
    let lines = try await host.succeed("dpkg-query -W -f '\(format)'").split(separator: "\n").map {
      $0.split(separator: " ")
    }
    var states: States = [:]
    for line in lines where line.count == 4 && line[3] != "config-files" && line[3] != "not-installed" {
      states[RootFile.key(line[0], line[1])] = "\(line[2]) \(line[3])"
    }
    return states
  }

  /// A person's upgrade; a plain yes is not the phrase that apt wants for essential packages.
  func upgrade() async throws -> CommandResult {
    try await host.run("apt-get -y --allow-change-held-packages --allow-downgrades install \(offered)")
  }

  /// The host program's return of an upgrade that did not pass.
  func goBack(from old: String?) async throws -> CommandResult {
    let configured = old.map { "\\nConfig-Version: \($0)" } ?? ""
    return try await host.run(
      """
      set -e
      sed -i '/^Package: \(name)$/,/^$/ s/^Status:.*/Status: install ok half-configured\(configured)/' /var/lib/dpkg/status
      . /root/pieces
      belay_package=\(name) old_version='\(old ?? "")'
      arch=$(dpkg-query -W -f '${Architecture}' $belay_package)
      [ -z "$old_version" ] || echo "back \(name) any $old_version" >>$tx/set.found
      true >$tx/remove
      while read -r what package arch version; do
        case $what in
        back) cp /srv/repo/installed/${package}_$(echo "$version" | tr : .)_*.deb $tx/wayback/ ;;
        remove) echo "$package" >>$tx/remove ;;
        esac
      done <$tx/set.found
      write_return_conf
      return_apt --reinstall install $(return_arguments)
      # As the host program's configure_set: RETURN.conf keeps apt from it.
      dpkg-query -W -f '${db:Status-Status} ${binary:Package}\\n' $(sed -n 's/^back \\([^ ]*\\) .*/\\1/p' $tx/set.found) |
        sed -n 's/^\\(unpacked\\|half-configured\\) //p' | xargs -r dpkg --force-confdef --force-confold --configure
      """)
  }
}
