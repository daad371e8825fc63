import TestSupport
import Testing

/// Which file systems a return waits for (`postpone.sh`).
@Suite(.needsHost) struct PostponeTests {
  /// Full is only what can become less full: a return would wait for ever for the others, where it has failed.
  @Test(arguments: Shell.allCases) func onlyWhatCanHaveRoomIsFull(_ shell: Shell) async throws {
    try await Pieces.with(shell) { pieces in
      let lines = try await pieces.lines(
        """
        mkdir /mnt/full /mnt/read-only /mnt/roomy /mnt/sizeless
        for name in full read-only; do
          mount -t tmpfs -o size=64k tmpfs "/mnt/$name"
          head -c 1M /dev/zero > "/mnt/$name/filler" 2> /dev/null
        done
        mount -o remount,ro /mnt/read-only
        mount -t tmpfs -o size=8M tmpfs /mnt/roomy
        mount -t devpts devpts /mnt/sizeless
        for name in full read-only roomy sizeless; do
          echo "$name: $(less_room_than 1048576 16 "/mnt/$name")"
        done
        """)
      #expect(lines == ["full: /mnt/full", "read-only: ", "roomy: ", "sizeless: "])
    }
  }

  /// What had no room before the return went on is no reason why it fails now.
  @Test(arguments: Shell.allCases) func onlyWhatFailedInThisTryHadNoRoom(_ shell: Shell) async throws {
    try await Pieces.with(shell) { pieces in
      let lines = try await pieces.lines(
        """
        log() { : > "$tx/log"; for line; do printf '%s\\n' "$line" >> "$tx/log"; done; }
        asked() { if ran_out_of_room; then echo full; else echo "something else"; fi; }
        full='cp: error writing: No space left on device'
        asked
        log 'setting up' "$full" 'and more'; asked
        log 'setting up' "$full"; note "$goes_on_words"; echo 'exit 7' >> "$tx/log"; asked
        log "$full"; note "$goes_on_words"; echo "You don't have enough free space in /srv" >> "$tx/log"; asked
        log "$full" $(seq 50); asked
        """)
      #expect(lines == ["something else", "full", "something else", "full", "something else"])
    }
  }
}
