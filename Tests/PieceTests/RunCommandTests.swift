import TestSupport
import Testing

@Suite(.needsHost) struct RunCommandTests {
  @Test(arguments: Shell.allCases) func environmentIsOursAlone(_ shell: Shell) async throws {
    try await Pieces.with(shell) { pieces in
      let lines = try await pieces.lines(
        """
        export SECRET=1 BASH_ENV=/root/evil; echo 'echo evil' >/root/evil
        run_command '' 5000 label 'env | grep -v -e ^_= -e ^SHLVL= -e ^PWD= | sort; pwd; umask; ls /proc/self/fd' </dev/null
        run_command nobody 5000 label 'id -un; id -gn; echo "$HOME"' </dev/null
        """)
      #expect(
        lines == [
          "BELAY_NEW_VERSION=2.0", "BELAY_OLD_VERSION=1.0", "BELAY_PACKAGE=shop", "BELAY_TRANSACTION=0007-x",
          "HOME=/root", "LC_ALL=C.UTF-8",
          "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "/", "0022", "0", "1", "2", "3",
          "nobody", "nogroup", "/nonexistent",
        ])
    }
  }

  @Test(arguments: Shell.allCases) func exitStatusAndReason(_ shell: Shell) async throws {
    try await Pieces.with(shell) { pieces in
      let lines = try await pieces.lines(
        #"""
        try() { reason=''; run_command_quiet "$@" </dev/null; verdict $?; }
        try '' 5000 step 'true'
        try '' 5000 step 'echo first; echo "oh no" >&2; echo; exit 3'
        try '' 5000 step 'kill -KILL $$'
        try '' 5000 step 'kill -SEGV $$'
        try '' 5000 step '/etc/passwd'
        try '' 5000 step 'no-such-command'
        try '' 5000 step 'false | true'
        try '' 5000 step 'echo "$UNSET"'
        try nouser 5000 step 'true'
        """#)
      #expect(
        lines == [
          "ok", "3: step: exit status 3; last line: oh no", "137: step: was killed (SIGKILL, out of memory?)",
          "139: step: was killed by signal 11",
          "126: step: cannot be executed; last line: bash: line 1: /etc/passwd: Permission denied",
          "127: step: command not found; last line: bash: line 1: no-such-command: command not found",
          "1: step: exit status 1", "1: step: exit status 1; last line: bash: line 1: UNSET: unbound variable",
          "125: step: was not started; last line: there is no user \"nouser\"",
        ])
    }
  }

  @Test func environmentFileIsDataAndPrivate() async throws {
    try await Pieces.with { pieces in
      let lines = try await pieces.lines(
        #"""
        belay_env_file=/root/env
        printf '# secrets\n\nTOKEN=a b $(touch /root/ran) "x\nHOME=/srv\r\n' >/root/env
        chmod 0600 /root/env
        run_command '' 5000 label 'echo "$TOKEN|$HOME"; tr "\0" " " </proc/$PPID/cmdline | grep -c "a b [$]" || :' </dev/null
        try() { run_command '' 5000 label 'echo ran' </dev/null; verdict $?; }
        chmod 0640 /root/env; try
        chmod 0600 /root/env; chown nobody /root/env; try
        chown root /root/env; echo 'not a setting' >>/root/env; try
        rm /root/env; try
        ls /root/ran 2>&1
        """#)
      #expect(
        lines == [
          #"a b $(touch /root/ran) "x|/srv"#, "0",
          #"125: label: was not started; last line: "/root/env" must be a file of root that nobody else can read or write"#,
          #"125: label: was not started; last line: "/root/env" must be a file of root that nobody else can read or write"#,
          #"125: label: was not started; last line: "/root/env" line 5 is not KEY=VALUE"#,
          #"125: label: was not started; last line: cannot read "/root/env": No such file or directory"#,
          "ls: cannot access '/root/ran': No such file or directory",
        ])
    }
  }

  @Test(arguments: Shell.allCases) func timeoutKillsTheGroup(_ shell: Shell) async throws {
    try await Pieces.with(shell, load: .waiting) { pieces in
      let lines = try await pieces.lines(
        #"""
        began=$(uptime_ms)
        run_command '' 300 step 'sleep 71 & (trap "" TERM; sleep 72) & sleep 73' </dev/null; verdict $?
        # one child ignores TERM; the command itself does not, so that the group is killed as soon as it is gone
        [ "$(($(uptime_ms) - began))" -lt 4000 ] && echo soon
        pgrep -fc '^sleep 7[123]'
        run_command '' 300 step 'trap "" TERM; while :; do sleep 0.1; done' </dev/null; verdict $?
        """#)
      #expect(lines == ["124: step: no end after 0.3 s", "soon", "0", "124: step: no end after 0.3 s"])
    }
  }

  @Test(arguments: Shell.allCases) func outputIsBoundedAndCleaned(_ shell: Shell) async throws {
    try await Pieces.with(shell) { pieces in
      let lines = try await pieces.lines(
        #"""
        run_command_quiet '' 50000 step 'head -c 100000000 /dev/zero | tr "\0" x; printf "\n\033[31mred\033]0;title\007 \000\r\302\233end\n"' </dev/null
        verdict $?
        stat -c %s "$tx/output"; stat -c %a "$tx/output"; last_line; du -s "$state" | cut -f 1
        """#)
      #expect(lines.prefix(1) == ["ok"])
      #expect(lines.count == 5)
      guard lines.count == 5 else { return }
      #expect((10_000...10_240).contains(Int(lines[1]) ?? 0))
      #expect(lines[2...3] == ["600", "red]0;title end"])
      #expect((Int(lines[4]) ?? 1000) < 100)
    }
  }

  @Test(arguments: Shell.allCases) func forkedChildHoldsNothing(_ shell: Shell) async throws {
    try await Pieces.with(shell) { pieces in
      let lines = try await pieces.lines(
        #"""
        exec 9>/root/lock
        flock 9
        began=$(uptime_ms)
        run_command_quiet '' 9000 step 'sleep 8 & sleep 8 >/dev/null 2>&1 &' </dev/null; verdict $?
        [ "$(($(uptime_ms) - began))" -lt 2000 ] && echo soon
        exec 9>&-
        flock -n /root/lock true && echo free
        pgrep -fc 'sleep 8'
        """#)
      #expect(lines == ["ok", "soon", "free", "2"])
    }
  }

  @Test func commandEndsWithItsShell() async throws {
    try await Pieces.with(load: .waiting) { pieces in
      try await pieces.host.write(
        "/root/test.sh", ". /root/pieces.sh\nrun_command_quiet '' 60000 step 'sleep 77; touch /root/done' </dev/null\n")
      try await pieces.host.succeed("setsid \(pieces.command) >/dev/null 2>&1 & echo $! >/root/pid")
      try await pieces.host.until("pgrep -f '^sleep 77'")
      try await pieces.host.succeed("kill -KILL $(cat /root/pid)")
      try await pieces.host.until("! pgrep -f '^sleep 77'", within: .seconds(5))
    }
  }

  @Test func longCommandIsReported() async throws {
    try await Pieces.with(load: .waiting) { pieces in
      let result = try await pieces.run("run_command '' 45000 'step 1/1 wait' 'sleep 30.5; echo out' </dev/null")
      #expect(result.stdout == "out\n")
      #expect(result.stderr == "belay: shop: step 1/1 wait ... still running, 30 s of 45 s\n")
    }
  }
}
