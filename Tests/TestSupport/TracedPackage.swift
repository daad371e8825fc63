/// A foreign package whose scripts write down how dpkg calls them, and fail when they are told to.
///
/// A call becomes one line of `/log`: `demo/1 preinst [upgrade] [0.9] [1] 0`, the last word its exit code. It fails when
/// `/fail/demo.1.preinst.upgrade` exists.
public enum TracedPackage {
  /// The four scripts that dpkg knows.
  public static let allScripts = ["preinst", "postinst", "prerm", "postrm"]

  /// The package with the scripts named, and one file of its own.
  public static func make(
    _ name: String, _ version: String, scripts: [String] = allScripts, fields: [String: String] = [:]
  ) -> ForeignPackage {
    var package = ForeignPackage(
      name, version, fields: fields, files: ["/usr/share/\(name)/version": version + "\n"])
    for script in scripts { package.scripts[script] = text(script, of: name, version) }
    return package
  }

  /// The text of one script.
  public static func text(_ script: String, of name: String, _ version: String, then rest: String = "") -> String {
    """
    #!/bin/sh
    rc=0
    if [ -e "$DPKG_ROOT/fail/\(name).\(version).\(script).$1" ]; then rc=1; fi
    { printf '%s' '\(name)/\(version) \(script)'; printf ' [%s]' "$@"; printf ' %s\\n' "$rc"; } >> "$DPKG_ROOT/log"
    [ "$rc" = 0 ] || exit "$rc"
    \(rest)
    """
  }
}

extension Host {
  /// Makes a traced script fail from now on.
  public func failCall(_ package: String, _ version: String, _ script: String, _ argument: String) async throws {
    try await succeed(
      #"mkdir -p /fail && : > "/fail/$name""#, environment: ["name": "\(package).\(version).\(script).\(argument)"])
  }

  /// The calls traced since the last time, oldest first.
  public func takeTrace() async throws -> [String] {
    try await succeed("cat /log 2> /dev/null; rm -f /log").split(separator: "\n").map(String.init)
  }
}
