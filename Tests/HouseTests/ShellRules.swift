import ExternalTools
import Foundation
import TestSupport
import Testing

/// What shells and shellcheck say of our scripts.
@Suite struct ShellRules {
  @Test func hostScriptsAreClean() async throws {
    let scripts = Checkout.files().filter {
      ["templates/host/", "templates/rehearsal/", "Tests/Machine/"].contains(where: $0.hasPrefix) && $0.hasSuffix(".sh")
    }
    #expect(!scripts.isEmpty)
    let result = try await Tool(
      "shellcheck", ["--external-sources", "--source-path=SCRIPTDIR"] + scripts, directory: Checkout.directory
    ).run(accepting: nil)
    #expect(result.exitCode == 0, "\(result.outputText)")
  }

  /// The four scripts of a package as dpkg gets them, not the pieces: only together they are a program.
  @Test func assembledScriptsAreClean() async throws {
    try await withScratch { directory in
      let deb = try await TestRelease("1.0").build(in: directory)
      _ = try await Tool("dpkg-deb", ["--control", deb, directory + "/control"]).run()
      // preinst and postinst are one program; looked at once, for shellcheck takes its time over it.
      _ = try await Tool("cmp", ["preinst", "postinst"], directory: directory + "/control").run()
      for script in ["preinst", "prerm", "postrm"] {
        let path = directory + "/control/" + script
        for judge in Self.judges(of: script) {
          let result = try await Tool(judge[0], judge.dropFirst() + [path], timeout: .seconds(120)).run(accepting: nil)
          #expect(result.exitCode == 0, "\(judge[0]) on \(script): \(result.outputText)\(result.errorText)")
        }
      }
    }
  }

  /// The pieces are one program: a second function of a name takes the first one's place without a word.
  @Test func noFunctionHasTwoTexts() throws {
    let directory = Checkout.directory + "/templates/maintscript/"
    var owners: [String: String] = [:]
    let list = try String(contentsOfFile: directory + "program.list", encoding: .utf8)
    for piece in list.split(separator: "\n").map(String.init) {
      let text = try String(contentsOfFile: directory + piece, encoding: .utf8)
      for line in text.split(separator: "\n") {
        guard let name = line.prefixMatch(of: /([a-z_0-9]+)\(\)/).map({ String($0.1) }) else { continue }
        #expect(owners[name] == nil, "\(name) is in \(piece) and in \(owners[name] ?? "")")
        owners[name] = piece
      }
    }
    #expect(owners.count > 100)
  }

  private static func judges(of script: String) -> [[String]] {
    var excluded = pointless
    // These two hold shared pieces of which they call only some functions.
    if script == "prerm" || script == "postrm" { excluded["SC2154"] = "read by functions that are not called here" }
    return [
      ["shellcheck", "--shell=dash", "--exclude=\(excluded.keys.sorted().joined(separator: ","))"],
      ["dash", "-n"], ["busybox", "sh", "-n"], ["bash", "--posix", "-n"],
    ]
  }

  /// What shellcheck says of programs put together from pieces, and why it does not count.
  private static let pointless = [
    "SC2034": "the header is the same for all four scripts, none reads all of it",
    "SC2317": "functions are called by names made at run time (service_$n), and not every release needs every piece",
    "SC2015": "A && B || {…} is meant: the last part is for the failure of either",
    "SC2016": "perl's and bash's own programs stand in single quotes",
    "SC2003": "expr reads 0008 as a decimal number, $((…)) does not",
    "SC2010": "names there are ours",
    "SC2086": "numbers, and lists of options that are meant to be split",
    "SC2094": "it is only read in the loop",
    "SC2119": "an optional argument", "SC2120": "an optional argument",
    "SC2174": "the directories above exist already, or the umask is right for them",
  ]
}
