import TestSupport
import Testing

/// When a verdict stands: Compose's words, by the monotonic clock.
@Suite(.needsHost) struct CheckTests {
  private static let checks = #"""
    check_0() {
      kind='run' url='' tcp='' unit='' stays='0' user='' status='' body='' severity='required' start_period='0'
      interval='50' timeout='20000' retries='3' successes='1' name='check' run='true'
    }
    # one line for each time it was asked
    asked() { echo "echo >>/root/asked$1; n=\$(grep -c ^ /root/asked$1);"; }
    results() { run_checks check "$1" "$tx/results"; cut -f 1,2,3,5,6 "$tx/results" | tr '\t' '|'; }

    """#

  @Test(arguments: Shell.allCases) func verdicts(_ shell: Shell) async throws {
    try await Pieces.with(shell, load: .waiting) { pieces in
      let lines = try await pieces.lines(
        Self.checks + #"""
          check_1() { check_0; name='passes'; }
          check_2() { check_0; name='fails' run="$(asked 2) exit 4"; }
          check_3() { check_0; name='fails at once' run="$(asked 3) exit 78"; }
          check_4() { check_0; name='cannot tell' run="$(asked 4) echo no network; exit 69" timeout=1500; }
          check_5() { check_0; name='needs two passes' run="$(asked 5) [ \$n -gt 2 ]" successes=2; }
          check_6() { check_0; name='passes once in two' run="$(asked 6) [ \$((n % 2)) = 0 ]" successes=2 timeout=1000; }
          check_7() { check_0; name='starts slowly' run="$(asked 7) [ \$n -gt 8 ]" start_period=20000; }
          check_8() { check_0; name='hangs' run='trap "" TERM; sleep 60' timeout=200 retries=1 severity=advisory; }
          check_9() { check_0; name='is killed' run='kill -KILL $$' timeout=1000; }
          check_10() { check_0; name='unit' kind=unit unit=cron.service; }
          check_11() { check_0; name='floods' run='head -c 100000000 /dev/zero'; timeout=20000; }
          check_12() { check_0; name='forks' run='sleep 60 &'; }
          check_13() { check_0; name='reads' run='cat; echo end of input; exit 78'; }
          check_14() { check_0; name='no program' run='/usr/bin/no-such-program' retries=1; }
          check_15() { check_0; name='wavers' run="$(asked 15) [ \$n -lt 6 ] || exit 0; [ \$((n % 2)) = 0 ] || exit 1; exit 69" retries=2; }
          began=$(uptime_ms)
          # whether its deadline comes after a pass or a failure is chance
          results '1 2 3 4 5 6 7 8 9 10 11 12 13 14 15' | sed '/^6|/s/[^|]*$//'
          for n in 2 3 5; do grep -c ^ /root/asked$n; done
          [ "$(($(uptime_ms) - began))" -lt 40000 ] && echo bounded
          ls "$tx" | grep checks
          """#)
      #expect(
        lines == [
          "1|pass|required|passes|", "2|fail|required|fails|exit status 4",
          "3|fail|required|fails at once|exit status 78",
          "4|inconclusive|required|cannot tell|exit status 69; last line: no network",
          "5|pass|required|needs two passes|", "6|fail|required|passes once in two|",
          "7|pass|required|starts slowly|", "8|fail|advisory|hangs|no end after 0.2 s",
          "9|inconclusive|required|is killed|was killed (SIGKILL, out of memory?)",
          "10|skipped|required|unit|systemd does not run here", "11|pass|required|floods|", "12|pass|required|forks|",
          "13|fail|required|reads|exit status 78; last line: end of input",
          "14|fail|required|no program|command not found; last line: bash: line 1: /usr/bin/no-such-program: No such file or directory",
          // two failures that do not follow each other are none
          "15|pass|required|wavers|", "3", "1", "4", "bounded",
        ])
    }
  }

  @Test(arguments: Shell.allCases) func sideBySideAndInOrder(_ shell: Shell) async throws {
    try await Pieces.with(shell, load: .waiting) { pieces in
      let lines = try await pieces.lines(
        Self.checks + #"""
          check_1() { check_0; name='slow' run='sleep 2' timeout=5000; }
          for n in 2 3 4 5 6; do eval "check_$n() { check_1; }"; done
          began=$(uptime_ms)
          results '6 2 3 4 5 1'
          [ "$(($(uptime_ms) - began))" -lt 6000 ] && echo "side by side"
          """#)
      #expect(lines == [6, 2, 3, 4, 5, 1].map { "\($0)|pass|required|slow|" } + ["side by side"])
    }
  }

  @Test func messageIsOneCleanField() async throws {
    try await Pieces.with { pieces in
      let lines = try await pieces.lines(
        Self.checks + #"""
          check_1() { check_0; run='printf "a\tb\033[1mc\001"; exit 78'; }
          run_checks check 1 "$tx/results"; tr '\t' '|' <"$tx/results" | cut -d '|' -f 1-3,5-
          """#)
      #expect(lines == ["1|fail|required|check|exit status 78; last line: a bc"])
    }
  }
}
