import TestSupport
import Testing

@Suite(.needsHost) struct DumpTests {
  private static let dumps = #"""
    dump_1() {
      name='entries' save='seq 20000; echo end' verify='tail -n 1 | grep -qx end' restore='cat >/srv/restored'
      user='' restore_when='always' timeout='5000'
    }

    """#

  @Test(arguments: Shell.allCases) func roundTrip(_ shell: Shell) async throws {
    try await Pieces.with(shell) { pieces in
      let lines = try await pieces.lines(
        Self.dumps + #"""
          dump_2() { dump_1; user=nobody restore='test "$(id -un)" = nobody; tail -n 1'; }
          dump_save 1 "$tx/1"; verdict $?
          dump_save 2 "$tx/2"; verdict $?
          ls "$tx"; stat -c '%a %U' "$tx/1" "$tx/2" "$tx/1.sha256"
          dump_restore 1 "$tx/1"; verdict $?; tail -n 1 /srv/restored
          dump_restore 2 "$tx/2"; verdict $?
          """#)
      #expect(
        lines == [
          "ok", "ok", "1", "1.sha256", "2", "2.sha256", "output", "600 root", "600 root", "600 root", "ok", "end", "ok",
        ])
    }
  }

  @Test(arguments: Shell.allCases) func badDumpsDoNotExist(_ shell: Shell) async throws {
    try await Pieces.with(shell) { pieces in
      let lines = try await pieces.lines(
        Self.dumps + #"""
          try() { reason=''; dump_save "$1" "$tx/dump"; verdict $?; ls "$tx" | grep dump; }
          dump_2() { dump_1; save='echo half; echo "connection lost" >&2; exit 1'; }; try 2
          dump_3() { dump_1; save='true'; }; try 3
          dump_4() { dump_1; verify='cat >/dev/null'; }; try 4
          dump_5() { dump_1; verify='cat >/dev/null; exit 4'; }; try 5
          dump_6() { dump_1; save='seq 3; sleep 60' timeout=200; }; try 6
          dump_7() { dump_1; verify='tail -n 1 | grep -qx end || sleep 60' timeout=400; }; try 7
          dump_8() { dump_1; save='head -c 3000000 /dev/zero'; }
          mount -t tmpfs -o size=1m tmpfs "$tx"; try 8
          """#)
      #expect(
        lines == [
          "1: dump 'entries': exit status 1; last line: connection lost", "1: dump 'entries': is empty",
          "1: dump 'entries': verify passes on a truncated copy", "1: dump 'entries': verify: exit status 4",
          "1: dump 'entries': no end after 0.2 s",
          "1: dump 'entries': verify of a truncated copy: no end after 0.4 s",
          "1: dump 'entries': exit status 1; last line: head: error writing 'standard output': No space left on device",
        ])
    }
  }

  @Test func damagedDumpIsNotRestored() async throws {
    try await Pieces.with { pieces in
      let lines = try await pieces.lines(
        Self.dumps + #"""
          dump_save 1 "$tx/dump"; verdict $?
          printf X | dd of="$tx/dump" bs=1 seek=100 conv=notrunc status=none
          dump_restore 1 "$tx/dump"; verdict $?
          rm "$tx/dump.sha256"; dump_restore 1 "$tx/dump"; verdict $?
          ls /srv
          """#)
      #expect(
        lines == [
          "ok", "1: dump '/var/lib/belay/shop/transactions/0007-x/dump' is not what was saved",
          "1: dump '/var/lib/belay/shop/transactions/0007-x/dump' is missing or cannot be read", "repo",
        ])
    }
  }
}
