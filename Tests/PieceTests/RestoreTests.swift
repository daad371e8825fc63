import TestSupport
import Testing

@Suite(.needsHost) struct RestoreTests {
  private static let script = SnapshotSupport.functions + SnapshotSupport.everything

  @Test(arguments: Shell.allCases) func excludedIsLeftAlone(_ shell: Shell) async throws {
    try await Pieces.with(shell) { pieces in
      let lines = try await pieces.lines(
        Self.script + #"""
          mkdir -p /srv/data/cache/x /srv/data/sub /srv/data/gone; echo 1 >/srv/data/cache/x/1
          echo t >/srv/data/sub/t.tmp; echo t >/srv/data/gone/t.tmp; echo keep >/srv/data/sub/keep
          echo "a b" >"/srv/data/sub/
          .tmp"; ln -s /etc /srv/data/evil.tmp
          one_path /srv/data '*.tmp
          cache/x
          /sub/not'; mkdir /srv/data/sub/not
          save
          tar -tf "$tx/snapshot/paths/1/first.tar" | sort
          echo 2 >/srv/data/cache/x/2; echo new >/srv/data/sub/keep; echo n >/srv/data/sub/n.tmp
          restore
          cd /srv/data; find . | sort; cat sub/keep
          """#)
      #expect(
        lines == [
          "ok", "./", "./cache/", "./gone/", "./sub/", "./sub/keep", "ok (restored, /srv/data.belay-0007)",
          ".", "./cache", "./cache/x", "./cache/x/1", "./cache/x/2", "./evil.tmp", "./gone", "./gone/t.tmp", "./sub",
          "./sub/", "./sub/keep", "./sub/n.tmp", "./sub/not", "./sub/t.tmp", ".tmp", "keep",
        ])
    }
  }

  @Test(arguments: Shell.allCases) func mountPointKeepsItsName(_ shell: Shell) async throws {
    try await Pieces.with(shell) { pieces in
      let lines = try await pieces.lines(
        Self.script + #"""
          mkdir /srv/data; mount -t tmpfs tmpfs /srv/data; mkdir /srv/data/other
          make_tree /srv/data; rm -f /srv/data/socket
          mount -t tmpfs tmpfs /srv/data/other; echo mounted >/srv/data/other/f
          one_path /srv/data other; save
          print_tree /srv/data | grep -av -e other -e ' \.$' | head -n -1 >/root/before
          restore; rm "$tx/restored"
          echo broken >/srv/data/a; echo new >/srv/data/new; chmod 0700 /srv/data
          restore
          print_tree /srv/data | grep -av -e other -e belay -e ' \.$' | head -n -1 | diff /root/before - && echo same
          cat /srv/data/.belay-0007/a /srv/data/.belay-0007/new /srv/data/other/f; mountpoint -q /srv/data/other && echo mounted
          restore; ls -A /srv/data | grep belay
          # a later snapshot does not take what was set aside with it
          rm -r "$tx/snapshot"; save; tar -tf "$tx/snapshot/paths/1/first.tar" | grep -c belay
          """#)
      #expect(
        lines == [
          "ok", "ok (unchanged)", "ok (restored, /srv/data/.belay-0007)", "same", "broken", "new", "mounted", "mounted",
          "ok (restored, /srv/data/.belay-0007)", ".belay-0007", "ok", "0",
        ])
    }
  }

  /// A service's user owns the tree and everything above the file that is restored.
  @Test(arguments: Shell.allCases) func plantedLinksLeadNowhere(_ shell: Shell) async throws {
    try await Pieces.with(shell) { pieces in
      let lines = try await pieces.lines(
        Self.script + #"""
          mkdir -p /srv/users/data/sub; echo saved >/srv/users/data/sub/passwd; chown -R 65534 /srv/users
          before=$(sha256sum /etc/passwd; stat -c '%U %a' /etc/passwd)
          one_path /srv/users/data; save
          rm -r /srv/users/data/sub; ln -s /etc /srv/users/data/sub; ln -s /etc /srv/users/data/sub/link 2>/dev/null || :
          mkdir -p /srv/users/fake/tree; echo restored >/srv/users/fake/ready; ln -s fake /srv/users/.belay-0007-1
          restore
          [ "$before" = "$(sha256sum /etc/passwd; stat -c '%U %a' /etc/passwd)" ] && echo untouched
          cat /srv/users/data/sub/passwd; readlink /srv/users/data.belay-0007/sub; rm "$tx/restored" /etc/link 2>/dev/null
          # the whole directory became a link: nothing is written through it
          mv /srv/users/data /srv/users/moved; ln -s /etc /srv/users/data; mv /srv/users/data.belay-0007 /srv/users/old
          restore
          ls -A /etc | grep belay; ls -A /srv/users
          """#)
      #expect(
        lines == [
          "ok", "ok (restored, /srv/users/data.belay-0007)", "untouched", "saved", "/etc",
          "1: '/srv/users/data' led to /srv/users/data when it was saved, and leads to /etc now", "data", "fake",
          "moved", "old",
        ])
    }
  }

  @Test(arguments: Shell.allCases) func fullDiskChangesNothing(_ shell: Shell) async throws {
    try await Pieces.with(shell) { pieces in
      let lines = try await pieces.lines(
        Self.script + #"""
          mkdir /srv/small; mount -t tmpfs -o size=1m tmpfs /srv/small
          mkdir /srv/small/data; head -c 500000 /dev/urandom >/srv/small/data/f
          one_path /srv/small/data; save
          before=$(sha256sum </srv/small/data/f)
          echo new >/srv/small/data/new; head -c 400000 /dev/urandom >/srv/small/filler
          restore
          [ "$before" = "$(sha256sum </srv/small/data/f)" ] && cat /srv/small/data/new
          rm /srv/small/filler
          restore
          ls -A /srv/small /srv/small/data; [ "$before" = "$(sha256sum </srv/small/data/f)" ] && echo back
          """#)
      #expect(
        lines == [
          "ok",
          "1: cannot restore '/srv/small/data': no space left in /srv/small", "new",
          "ok (restored, /srv/small/data.belay-0007)", "/srv/small:", "data", "data.belay-0007", "/srv/small/data:",
          "f",
          "back",
        ])
    }
  }

  /// The shell is killed after its first fork, its second, and so on; another shell then does the same again.
  @Test(arguments: ["data", "mounted", "one.conf", "absent"]) func killedAnywhereAndRunAgain(_ what: String)
    async throws
  {
    try await Pieces.with { pieces in
      try await pieces.host.write(
        "/root/again.sh",
        ". /root/pieces.sh\n" + Self.script + "one_path \"/srv/$what\" '*.tmp'\n"
          + "if [ \"$1\" = save ]; then save; else restore; fi\n")
      let result = try await pieces.host.run(Self.killer, timeout: .seconds(80), environment: ["what": what])
      let lines = result.stdout.split(separator: "\n").map(String.init)
      #expect(lines.filter { !$0.hasPrefix("killed") } == ["ok"])
      #expect(lines.filter { $0.hasPrefix("killed") }.count > 10)
    }
  }

  private static let killer = #"""
    at() { for f in "$1" "$1".belay-* "$1"/.belay-0007* /var/lib/belay/shop/transactions/0007-x/aside/*/*; do [ ! -e "$f" ] || echo "$f"; done; }
    for n in $(seq 1 500); do
      umount /srv/mounted 2>/dev/null
      rm -rf /srv/data* /srv/mounted* /srv/one.conf* /srv/absent* /srv/.belay* /var/lib/belay; mkdir -p /srv/data /srv/mounted
      mount -t tmpfs tmpfs /srv/mounted
      for d in /srv/data /srv/mounted; do mkdir $d/sub; echo saved >$d/sub/f; echo too >$d/g; done
      echo saved >/srv/one.conf
      dash /root/again.sh save >/dev/null
      for d in /srv/data /srv/mounted; do echo later >$d/sub/f; echo new >$d/new; echo t >$d/sub/t.tmp; done
      echo later >/srv/one.conf; mkdir /srv/absent; echo later >/srv/absent/f
      strace -qq -o /dev/null -e trace=clone --inject=clone:signal=KILL:when=$n dash /root/again.sh >/root/out 2>&1
      killed=$?
      # what it had started goes on for a moment
      while pgrep -x 'mv|tar|xargs|sync|find|cp|sort|rm' >/dev/null; do sleep 0.01; done
      [ "$killed" = 0 ] || echo "killed at $n"
      answer=$(dash /root/again.sh 2>&1)
      case "$answer" in ok*) ;; *) echo "after $n: $answer"; exit 1 ;; esac
      case "$what" in
        data | mounted) good=$(cd "/srv/$what" && cat sub/f g sub/t.tmp | tr '\n' ' '; ls "/srv/$what" | tr '\n' ' '); want='saved too t g sub ' ;;
        one.conf) good=$(cat /srv/one.conf); want=saved ;;
        absent) good=$(ls -d /srv/absent 2>&1); want="ls: cannot access '/srv/absent': No such file or directory" ;;
      esac
      [ "$good" = "$want" ] || { echo "after $n: $good"; exit 1; }
      kept=$(grep -rlx later /srv /var/lib/belay 2>/dev/null | grep -c "$what")
      [ "$kept" = 1 ] || { echo "after $n: kept $kept" >&2; grep -rlx later /srv /var/lib/belay; exit 1; }
      left=$(find /srv -name '.belay-0007-*')
      [ -z "$left" ] || { echo "after $n: left $left"; exit 1; }
      [ "$killed" != 0 ] || break
    done
    echo ok
    """#
}
