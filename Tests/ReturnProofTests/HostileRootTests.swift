import ExternalTools
import Foundation
import ReturnProof
import TestSupport
import Testing

/// Roots that are broken, or made to harm who reads them: a clear error or a note, in bounded time and memory, nothing read outside.
@Suite struct HostileRootTests {
  /// A configuration of the root that would start programs and read what is not in it.
  @Test func configurationStaysInside() async throws {
    try await withScratch { directory in
      let root = try ConstructedRoot("Tests/ReturnProofTests/Roots/alone", in: directory)
      let stranger = directory + "/stranger"
      try Data("Dir::State::status \"/nowhere\"; APT::Solver \"dump\"; #include \"\(stranger)\";\n".utf8).write(
        to: URL(fileURLWithPath: root.directory + "/etc/apt/apt.conf"))
      try FileManager.default.createDirectory(
        atPath: root.directory + "/etc/apt/apt.conf.d", withIntermediateDirectories: true)
      try Data("Dir::State::status \"/nowhere\"; RootDir \"/nowhere\"; APT::Solver \"dump\";\n".utf8).write(
        to: URL(fileURLWithPath: root.directory + "/etc/apt/apt.conf.d/10hostile"))
      let result = try await root.ask(try await root.buildPackage(), "--root", root.directory, json: false)
      #expect(result.exitCode == 0, "\(result.errorText)")
      #expect(result.outputText.contains("note     'etc/apt/apt.conf' includes other files: it was left out"))
    }
  }

  /// What is wrong with var/lib/dpkg/status, and the word that the message must have.
  @Test(arguments: [
    ("", "is empty"), ("Package: shop\nStatus: install ok installed", "is cut short"),
    ("Package: shop\nStatus: install\n\n", "is damaged"), ("\0\0\0\n", "NUL bytes"), ("garbage\n", "is damaged"),
    ("Package: shop\nStatus: install ok installed\nVersion: 1\nArchitecture: all\n\n", "no installed dpkg"),
  ])
  func hostileStatus(_ text: String, _ word: String) async throws {
    try await refused(word) { try Data(text.utf8).write(to: URL(fileURLWithPath: $0 + "/var/lib/dpkg/status")) }
  }

  @Test func statusThatLeadsInCircles() async throws {
    try await refused("symbolic links") { root in
      try FileManager.default.removeItem(atPath: root + "/var/lib/dpkg/status")
      try FileManager.default.createSymbolicLink(atPath: root + "/var/lib/dpkg/status", withDestinationPath: "status")
    }
  }

  /// The machine of the tests has that file, the root does not: a link to it leads nowhere.
  @Test func statusThatLeadsOutside() async throws {
    try await refused("has no var/lib/dpkg/status") { root in
      try FileManager.default.moveItem(atPath: root + "/var/lib/dpkg/status", toPath: root + "/../outside")
      let outside = URL(fileURLWithPath: root + "/../outside").standardized.path
      try FileManager.default.createSymbolicLink(atPath: root + "/var/lib/dpkg/status", withDestinationPath: outside)
    }
  }

  @Test func noRoot() async throws {
    try await refused("cannot open") { try FileManager.default.removeItem(atPath: $0) }
  }

  /// Asks about a root that something was done to; the bounds hold for each.
  private func ask(
    _ path: String = "alone", spoil: (String) async throws -> Void, _ check: (Tool.Result) throws -> Void
  ) async throws {
    try await withScratch { directory in
      let root = try ConstructedRoot("Tests/ReturnProofTests/Roots/" + path, in: directory)
      let deb = try await root.buildPackage()
      try await spoil(root.directory)
      let begin = ContinuousClock.now
      let measured = ["-o", directory + "/peak", "-f", "%M", Checkout.belay]
      let result = try await Tool(
        "/usr/bin/time", measured + ["can-return", deb, "--root", root.directory],
        environment: ["PATH": "/usr/bin:/bin", "HOME": directory]
      ).run(accepting: nil)
      #expect(ContinuousClock.now - begin < .seconds(40))
      let peak = try String(contentsOfFile: directory + "/peak", encoding: .utf8).split(separator: "\n").last ?? ""
      #expect(Int(peak) ?? .max < 700_000, "KB")
      #expect(!result.errorText.contains(directory + "/.cache"), "a path that nobody knows")
      try check(result)
    }
  }

  private func refused(_ word: String, spoil: (String) async throws -> Void) async throws {
    try await ask(spoil: spoil) { result in
      #expect(result.exitCode == 1)
      #expect(result.errorText.contains(word), "\(result.errorText)")
      #expect(result.outputText.isEmpty)
    }
  }

  private static let list = "/var/lib/apt/lists/_other_._Packages"

  private func addSource(_ root: String) throws {
    try Scratch.write("deb [trusted=yes] file:/other ./\n", to: root + "/etc/apt/sources.list")
  }

  private func shell(_ command: String, _ path: String) async throws {
    _ = try await Tool("sh", ["-c", command, "sh", path]).run()
  }

  @Test func aListOfAGigabyte() async throws {
    try await refused("_other_._Packages': it is larger than any that apt and dpkg write") { root in
      try await shell(#"truncate -s 1G "$1""#, root + Self.list)
    }
  }

  /// Below the limit, and nothing in it.
  @Test func aListOfZeros() async throws {
    try await refused("apt cannot read the state") { root in
      try addSource(root)
      try await shell(#"truncate -s 300M "$1""#, root + Self.list)
    }
  }

  /// A few KB that become 3 GB, as one paragraph.
  @Test func aListThatGrows() async throws {
    try await refused("apt cannot read the state") { root in
      try addSource(root)
      let text = "echo 'Package: shop'; yes 'Field: 0123456789' | head -c 3G"
      try await shell("{ \(text); } | zstd -q -1 -o \"$1\"", root + Self.list + ".zst")
    }
  }

  @Test func garbageInAList() async throws {
    try await refused("apt cannot read the state") { root in
      try addSource(root)
      try Scratch.write("garbage\n\n", to: root + Self.list)
    }
  }

  @Test(arguments: ["etc/apt/sources.list", "etc/apt/apt.conf.d", "var/lib/apt/lists", "var/lib/apt/lists/x_Packages"])
  func circles(_ path: String) async throws {
    try await refused("cannot read '") { root in
      try await shell(#"rm -rf "$1"; ln -s "$(basename "$1")" "$1""#, root + "/" + path)
    }
  }

  @Test(arguments: ["var/lib/dpkg/status", "etc/apt/sources.list", "var/lib/apt/lists/x_Packages"])
  func aPipeInPlaceOf(_ path: String) async throws {
    try await refused("\(path)': it is no regular file") { root in
      try await shell(#"rm -f "$1"; mkfifo "$1""#, root + "/" + path)
    }
  }

  @Test(.enabled(if: getuid() == 0)) func aDeviceInPlaceOfTheStatus() async throws {
    try await refused("status': it is no regular file") { root in
      try await shell(#"rm "$1"; mknod "$1" c 1 5"#, root + "/var/lib/dpkg/status")
    }
  }

  /// apt leaves them out as well.
  @Test func noFilesAmongTheConfiguration() async throws {
    try await ask { root in
      try await shell(#"mkdir -p "$1/directory"; mkfifo "$1/pipe""#, root + "/etc/apt/apt.conf.d")
    } _: { result in
      #expect(result.exitCode == 0, "\(result.errorText)")
      for name in ["directory", "pipe"] {
        let note = "  note     'etc/apt/apt.conf.d/\(name)' is no regular file: it was left out\n"
        #expect(result.outputText.contains(note), "\(result.outputText)")
      }
    }
  }

  /// The machine of the tests has that repository, and what the new version needs is in it.
  @Test func sourcesThatPointOutside() async throws {
    try await ask("impossible") { root in
      let outside = URL(fileURLWithPath: root + "/../outside").standardized.path
      let stanza = "Package: libbar1\nVersion: 3\nArchitecture: amd64\nFilename: ./a.deb\nSize: 1\n\n"
      try Scratch.write(stanza, to: outside + "/Packages")
      let sources = ["file", "copy"].map { "deb [trusted=yes] \($0):\(outside) ./\n" }
      try Scratch.write(sources.joined(), to: root + "/etc/apt/sources.list")
      let name = outside.replacingOccurrences(of: "/", with: "_")
      try FileManager.default.createSymbolicLink(
        atPath: "\(root)/var/lib/apt/lists/\(name)_._Packages", withDestinationPath: outside + "/Packages")
    } _: { result in
      #expect(result.exitCode == 1)
      #expect(result.outputText.contains("shop 2.0 needs libbar1 (>= 3), which is not there"), "\(result.outputText)")
    }
  }
}
