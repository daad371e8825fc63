import TestSupport
import Testing

@Suite(.needsHost) struct GateTests {
  private static let gates = #"""
    gates() { reason=''; run_gates "$tx/gates"; verdict $?; tr '\t' '|' <"$tx/gates"; }

    """#

  @Test(arguments: Shell.allCases) func space(_ shell: Shell) async throws {
    try await Pieces.with(shell) { pieces in
      let lines = try await pieces.lines(
        Self.gates + #"""
          gates | sed 's/[0-9.]* [GM]B free/N free/'
          mkdir /srv/data; head -c 3000000 /dev/urandom >/srv/data/file
          mount -t tmpfs -o size=4m tmpfs "$state"; mkdir -p "$tx"
          belay_free_space=8000000; gates
          belay_free_space=1000000; gates
          belay_paths=1
          path_1() { path=/srv/data restore_when=always copy=copy max_size='' exclude=''; }
          gates
          path_1() { path=/srv/data restore_when=always copy=copy max_size='1000000' exclude=''; }
          gates
          path_1() { path=/srv/data restore_when=always copy=none max_size='' exclude=''; }
          gates
          mount -o remount,ro "$state"
          tx=/root/tx; mkdir /root/tx; gates
          """#)
      #expect(
        lines == [
          "ok", "space|ok|N free|", "1: gates failed: space",
          "space|FAILED|4.1 MB free on /var/lib/belay/shop, needs 8.0 MB|free 3.8 MB on /var/lib/belay/shop", "ok",
          "space|ok|4.1 MB free|", "1: gates failed: space",
          "space|FAILED|4.1 MB free for the snapshot, needs 7.0 MB|free 2.8 MB on the file system of /var/lib/belay/shop",
          "1: gates failed: space",
          "space|FAILED|'/srv/data' has 3.0 MB, max_size is 1.0 MB|change what the release description saves, or the host",
          "ok", "space|ok|4.1 MB free|", "1: gates failed: space",
          "space|FAILED|/var/lib/belay/shop is read-only|mount -o remount,rw /var/lib/belay/shop",
        ])
    }
  }

  /// 2026-11-23 is a Monday; the clock of the program is libfaketime's.
  @Test(arguments: Shell.allCases) func window(_ shell: Shell) async throws {
    try await Pieces.with(shell) { pieces in
      let lines = try await pieces.lines(
        Self.gates + #"""
          library=$(find /usr/lib -name libfaketime.so.1)
          date() { env -u TZ ${TZ+"TZ=$TZ"} LD_PRELOAD="$library" FAKETIME="@$faked" TZ="${TZ:-UTC}" /usr/bin/date "$@"; }
          at() { faked="$1"; gates | grep window; }
          belay_window_days='2
          3
          4' belay_window_from=09:00 belay_window_to=16:00 belay_window_timezone=UTC
          at '2026-11-23 02:12:00'
          at '2026-11-24 08:59:59'
          at '2026-11-24 09:00:00'
          at '2026-11-26 15:59:59'
          at '2026-11-26 16:00:00'
          belay_window_days='1
          3
          7' belay_window_from=08:00 belay_window_to=08:30
          at '2026-11-28 12:00:00'
          belay_window_timezone=Mars/Olympus
          at '2026-11-28 12:00:00'
          belay_window_timezone=../../../etc/passwd
          at '2026-11-28 12:00:00'
          """#)
      #expect(
        lines.filter { !$0.contains("gates failed") } == [
          "window|FAILED|now Mon 02:12, allowed Tue..Thu 09:00-16:00 (UTC)|wait until Tue 09:00",
          "window|FAILED|now Tue 08:59, allowed Tue..Thu 09:00-16:00 (UTC)|wait until Tue 09:00",
          "window|ok|Tue..Thu 09:00-16:00 (UTC)|", "window|ok|Tue..Thu 09:00-16:00 (UTC)|",
          "window|FAILED|now Thu 16:00, allowed Tue..Thu 09:00-16:00 (UTC)|wait until Tue 09:00",
          "window|FAILED|now Sat 12:00, allowed Mon,Wed,Sun 08:00-08:30 (UTC)|wait until Sun 08:00",
          "window|FAILED|this host has no time zone 'Mars/Olympus'|apt-get install tzdata",
          "window|FAILED|this host has no time zone '../../../etc/passwd'|apt-get install tzdata",
        ])
    }
  }

  @Test(arguments: Shell.allCases) func backup(_ shell: Shell) async throws {
    try await Pieces.with(shell) { pieces in
      let lines = try await pieces.lines(
        Self.gates + #"""
          backup() { gates | grep '^backup'; }
          belay_backup_path=/var/backups/shop; backup
          mkdir -p /var/backups/shop/days; backup
          mkfifo /var/backups/shop/fifo; ln -s /etc/passwd /var/backups/shop/link; backup
          printf 12345 >/var/backups/shop/old; touch -d '-31 hours' /var/backups/shop/old
          belay_backup_max_age_seconds=86400; backup
          printf 123 >"/var/backups/shop/days/a b"; touch -d '-10 minutes' "/var/backups/shop/days/a b"; backup
          belay_backup_min_size=4; backup
          belay_backup_min_size=3 belay_backup_verify='grep -qx 123'; backup
          belay_backup_verify='cat >/dev/null; echo "not a dump"; exit 1'; backup
          ln -s shop /var/backups/latest; belay_backup_path=/var/backups/latest belay_backup_verify=''; backup
          touch -d '+2 days' /var/backups/shop/future; backup
          """#)
      #expect(
        lines == [
          "backup|FAILED|/var/backups/shop does not exist|make a new backup in /var/backups/shop",
          "backup|FAILED|no file in /var/backups/shop|make a new backup in /var/backups/shop",
          "backup|FAILED|no file in /var/backups/shop|make a new backup in /var/backups/shop",
          "backup|FAILED|newest file in /var/backups/shop is 31 h old, needs < 24 h|make a new backup in /var/backups/shop",
          "backup|ok|/var/backups/shop/days/a b, 10 min old, 3 B|",
          "backup|FAILED|newest file in /var/backups/shop has 3 B, needs 4 B|make a new backup in /var/backups/shop",
          "backup|ok|/var/backups/shop/days/a b, 10 min old, 3 B|",
          "backup|FAILED|verify of /var/backups/shop/days/a b: exit status 1; last line: not a dump|make a new backup in /var/backups/shop",
          "backup|ok|/var/backups/latest/days/a b, 10 min old, 3 B|",
          "backup|FAILED|newest file in /var/backups/latest is dated in the future: /var/backups/latest/future|check the clock and the file",
        ])
    }
  }

  @Test(arguments: Shell.allCases) func checks(_ shell: Shell) async throws {
    try await Pieces.with(shell) { pieces in
      let lines = try await pieces.lines(
        Self.gates + #"""
          gate_check_0() {
            kind='run' url='' tcp='' unit='' stays='0' user='' status='' body='' severity='required' start_period='0'
            interval='50' timeout='1000' retries='1' successes='1' name='check' run='true'
          }
          gate_check_1() { gate_check_0; name='database is up'; }
          gate_check_2() { gate_check_0; name='port is open' kind=tcp tcp=127.0.0.1:1; }
          gate_check_3() { gate_check_0; name='nobody knows' run='exit 69' timeout=200; }
          gate_check_4() { gate_check_0; name='nice to have' run='exit 1' severity=advisory; }
          belay_gate_checks=4; gates | grep -v '^space'
          """#)
      #expect(
        lines == [
          "1: gates failed: port is open nobody knows", "database is up|ok|passed|",
          "port is open|FAILED|no connection to 127.0.0.1:1: Connection refused|make the check 'port is open' pass",
          "nobody knows|FAILED|inconclusive: exit status 69|make the check 'nobody knows' pass",
          "nice to have|ok|advisory: exit status 1|",
        ])
    }
  }
}
