import ReleaseDescription
import Templates

/// The maintainer scripts of a release: the user's own, or the host program's pieces behind their header.
public struct ScriptAssembly: Sendable, Equatable {
  /// File name in the control archive, and the text.
  public struct Script: Sendable, Equatable {
    public let name: String
    public let text: String
  }
  public let scripts: [Script]

  public init(_ release: Release) throws(PackagingError) {
    try ControlFile.check(release.control)
    guard let belay = release.belay else {
      scripts = Self.verbatim(release.scripts)
      return
    }
    let header = try HostHeader.render(release, belay)
    let program =
      "#!/bin/sh\n# belay-program 1 \(release.control.name) \(release.control.version)\n\(Self.shellcheck)set -e\n"
      + (try Self.piece("start.sh")) + header + (try Self.pieces(list: "program.list"))
    let removal = { (list: String) throws(PackagingError) in
      "#!/bin/sh\n\(Self.shellcheck)set -e\n" + header + (try Self.pieces(list: list))
    }
    scripts = [
      Script(name: "postinst", text: program), Script(name: "postrm", text: try removal("postrm.list")),
      Script(name: "preinst", text: program), Script(name: "prerm", text: try removal("prerm.list")),
    ]
  }

  /// What shellcheck cannot know of every generated script, said once so that it is clean in anybody's hands.
  ///
  /// `local` is Debian's sh (Policy 10.4); functions are called by number ("check_$n") and set what their caller declared;
  /// `a && b || c` means "c whichever failed"; dpkg-query's fields look like variables.
  private static let shellcheck = "# shellcheck disable=SC2015,SC2016,SC2034,SC2317,SC3043\n"

  private static func verbatim(_ scripts: UserScripts) -> [Script] {
    [
      ("postinst", scripts.postinst), ("postrm", scripts.postrm), ("preinst", scripts.preinst),
      ("prerm", scripts.prerm),
    ].compactMap { name, script in script.map { Script(name: name, text: $0.text) } }
  }

  /// The pieces that the list names, one a line, in its order; its last is what looks at the arguments.
  private static func pieces(list: String) throws(PackagingError) -> String {
    let names = try piece(list).split(separator: "\n").filter { !$0.hasPrefix("#") }.map(String.init)
    var text = ""
    for name in names { text += try piece(name) }
    return text
  }

  private static func piece(_ name: String) throws(PackagingError) -> String {
    guard let text = Templates.text(named: name) else { throw .noTemplate(name) }
    return text
  }
}
