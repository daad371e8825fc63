import Foundation
import TestSupport

/// The shells that the host program must run in.
enum Shell: String, CaseIterable {
  case dash, busybox
}

/// The leaf pieces of the host program in a throw-away host: a test is a script that calls their functions.
struct Pieces {
  let host: TestSupport.Host
  let shell: Shell

  /// Runs a test with the pieces in a host without an init.
  static func with(_ shell: Shell = .dash, load: HostLoad = .busy, _ body: (Pieces) async throws -> Void) async throws {
    try await TestSupport.Host.bare(load: load) { try await body(Pieces(host: $0, shell: shell).installed()) }
  }

  /// Runs a test with the pieces in a host with systemd.
  static func withSystemd(_ body: (Pieces) async throws -> Void) async throws {
    try await TestSupport.Host.booted { try await body(Pieces(host: $0, shell: .dash).installed()) }
  }

  private static let names = [
    "state", "fault", "time", "watcher", "run-command", "snapshot-list", "snapshot-copy", "snapshot-final",
    "snapshot-verify",
    "snapshot-unpack", "snapshot-swap", "snapshot-restore", "dump-save", "dump-restore", "check-http", "check-tcp",
    "check-unit", "check-run", "check-run-all", "sandbox", "gate-space", "gate-window", "gate-backup", "gate-checks",
    "gate-policy", "gates", "stage-before", "interim-aside", "postpone", "lock",
  ]

  /// What the header of a release sets that declares nothing.
  private static let header = """
    belay_package='shop' belay_env_file='' belay_services='0' belay_paths='0' belay_dumps='0' belay_checks='0'
    belay_gate_checks='0' belay_free_space='' belay_reserve='1000000' belay_window_days='' belay_window_timezone=''
    belay_window_from='' belay_window_to=''
    belay_backup_path='' belay_backup_max_age_seconds='' belay_backup_min_size='' belay_backup_verify=''

    """

  private static let begin = """

    tx="$state/transactions/0007-x" old_version=1.0 new_version=2.0
    mkdir -p "$tx"
    verdict() { if [ "$1" -eq 0 ]; then echo "ok"; else echo "$1: $reason"; fi; }

    """

  /// Debian's busybox prefers its own find, tar and sort; on a host only the shell could be busybox's.
  private static let gnuTools = """
    cat chmod cmp comm cp cut date dd df du env find findmnt flock grep head ls mkdir mkfifo mktemp mountpoint
    mv perl readlink rm sed seq setpriv sha256sum sleep sort stat sync tail tar tee timeout touch tr wc xargs
    """.split(whereSeparator: \.isWhitespace)

  private func installed() async throws -> Pieces {
    var text = Self.header
    for name in Self.names {
      text += try String(contentsOfFile: "\(Checkout.directory)/templates/maintscript/\(name).sh", encoding: .utf8)
    }
    if shell == .busybox {
      let program = try Data(contentsOf: URL(fileURLWithPath: "/usr/bin/busybox")).base64EncodedString()
      try await host.succeed("base64 -d > /root/busybox; chmod 755 /root/busybox", input: program)
      text += Self.gnuTools.map { "\n\($0)() { /usr/bin/env -- \($0) \"$@\"; }" }.joined()
    }
    try await host.write("/root/pieces.sh", text + Self.begin)
    return self
  }

  /// Runs a script after the pieces in the shell of this test.
  func run(_ script: String, timeout: Duration = .seconds(60)) async throws -> CommandResult {
    try await host.write("/root/test.sh", ". /root/pieces.sh\n" + script)
    return try await host.run(command, timeout: timeout)
  }

  /// The command that runs `/root/test.sh`.
  var command: String { shell == .dash ? "dash /root/test.sh" : "/root/busybox sh /root/test.sh" }

  /// The lines that a script prints on standard output.
  func lines(_ script: String) async throws -> [String] {
    let result = try await run(script)
    return result.stdout.split(separator: "\n").map(String.init)
  }
}
