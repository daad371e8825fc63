import TestSupport
import Testing

/// The named fault points: what a rehearsal says happens, and nothing on any other host.
@Suite(.needsHost) struct FaultTests {
  @Test(arguments: Shell.allCases) func aCommandIsReplacedLengthenedOrRepeated(_ shell: Shell) async throws {
    try await Pieces.with(shell) { pieces in
      let lines = try await pieces.lines(
        #"""
        say_what() { run_command_quiet '' 5000 x 'echo real >> /run/said' step-1-run; code=$?; echo "$code $(tr '\n' ' ' < /run/said)"; rm -f /run/said; }
        say_what
        for what in 'instead echo other >> /run/said; exit 7' 'after exit 3' 'twice' 'pass'; do
          echo "step-1-run $what" > "$state/fault"; say_what
        done
        printf 'step-10-run instead false\nstep-1-undo instead false' > "$state/fault"; say_what
        rm "$state/fault"; say_what
        """#)
      #expect(lines == ["0 real ", "7 other ", "3 real ", "0 real real ", "0 real ", "0 real ", "0 real "])
    }
  }

  @Test func aHangingCommandEndsByItsTimeOut() async throws {
    try await Pieces.with { pieces in
      let lines = try await pieces.lines(
        #"""
        echo 'x hang' > "$state/fault"
        run_command_quiet '' 600000 x 'true' x; echo "$? $reason"
        """#)
      #expect(lines == ["124 x: no end after 1 s"])
    }
  }

  @Test(arguments: Shell.allCases) func theProgramIsKilledOnce(_ shell: Shell) async throws {
    try await Pieces.with(shell) { pieces in
      let killed = try await pieces.run(
        #"""
        printf 'saved kill\nother wait\n' > "$state/fault"
        hook_point updating; echo before >> /run/said; hook_point saved; echo after >> /run/said
        """#)
      #expect(killed.status == 137)
      let again = try await pieces.lines(#"hook_point saved; cat /run/said; cat "$state/fault""#)
      #expect(again == ["before", "other wait"])
    }
  }

  @Test func theProgramWaitsUntilTheLineIsGone() async throws {
    try await Pieces.with { pieces in
      let lines = try await pieces.lines(
        #"""
        printf 'saved wait\nx instead false\n' > "$state/fault"
        (until [ -e /run/fault.reached ]; do sleep 0.02; done; echo reached; echo 'x instead false' > "$state/fault") &
        hook_point saved; wait; echo on
        fault_at x && echo "$fault_action $fault_command"
        """#)
      #expect(lines == ["reached", "on", "instead false"])
    }
  }
}
