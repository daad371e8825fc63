import TestSupport
import Testing

@Suite(.needsHost) struct SnapshotTests {
  private static let script = SnapshotSupport.functions + SnapshotSupport.everything

  @Test(arguments: Shell.allCases) func everythingComesBack(_ shell: Shell) async throws {
    try await Pieces.with(shell) { pieces in
      let lines = try await pieces.lines(
        Self.script + #"""
          make_tree /srv/data
          one_path /srv/data; save
          snapshot_verify; verdict $?
          print_tree /srv/data >/root/before
          restore
          rm "$tx/restored"
          # the new version: changes, deletes, adds, turns things into other things
          echo broken >/srv/data/a; rm -r /srv/data/sub; echo file >/srv/data/sub; rm /srv/data/secret
          mkdir /srv/data/secret; echo theirs >/srv/data/secret/new; chmod 0777 /srv/data
          restore
          print_tree /srv/data | diff /root/before - && echo same
          cat /srv/data.belay-0007/a /srv/data.belay-0007/secret/new
          restore
          ls -A /srv; cat "$tx/restored" | tr '\t' '|'; ls /srv/data/ran 2>/dev/null
          """#)
      #expect(
        lines == [
          "ok", "ok", "ok (unchanged)", "ok (restored, /srv/data.belay-0007)", "same", "broken", "theirs",
          "ok (restored, /srv/data.belay-0007)", "data", "data.belay-0007", "repo",
          "1|restored, /srv/data.belay-0007",
        ])
    }
  }

  @Test(arguments: Shell.allCases) func finalPassSeesEveryChange(_ shell: Shell) async throws {
    try await Pieces.with(shell) { pieces in
      let lines = try await pieces.lines(
        Self.script + #"""
          make_tree /srv/data
          one_path /srv/data
          touch -d '-1 hour' /srv/data/sub/b; mkdir -p /srv/data/old/inner; echo o >/srv/data/old/inner/o
          snapshot_copy_first; verdict $?
          touch -r /srv/data/sub/b /root/time
          printf 'TWO\n' >/srv/data/sub/b; touch -r /root/time /srv/data/sub/b
          rm -r /srv/data/old /srv/data/hard "/srv/data/new
          line"; chmod 0640 /srv/data/secret; attribute /srv/data/-dash user.new yes
          rm -r /srv/data/empty; echo file >/srv/data/empty
          rm /srv/data/link; mkdir -p /srv/data/link/inner; echo in >/srv/data/link/inner/f
          mv /srv/data/dangling /srv/data/renamed
          snapshot_copy_final; verdict $?
          tar -tf "$tx/snapshot/paths/1/final.tar" | grep -c sparse
          print_tree /srv/data >/root/before
          rm -r /srv/data/*; echo x >/srv/data/x
          restore
          print_tree /srv/data | diff /root/before - && echo same
          """#)
      #expect(lines == ["ok", "ok", "1", "ok (restored, /srv/data.belay-0007)", "same"])
    }
  }

  /// What a file's record cannot show: it was written again in the tick of the clock in which the first pass read it.
  @Test func unchangedFilesAreNotCopiedAgain() async throws {
    try await Pieces.with { pieces in
      let lines = try await pieces.lines(
        Self.script + #"""
          mkdir /srv/data; head -c 1000000 /dev/urandom >/srv/data/big; echo a >/srv/data/small
          one_path /srv/data
          sleep 2.1
          snapshot_copy_first; verdict $?
          echo b >>/srv/data/small
          snapshot_copy_final; verdict $?
          tar -tf "$tx/snapshot/paths/1/final.tar"
          """#)
      #expect(lines == ["ok", "ok", "./", "./small"])
    }
  }

  @Test(arguments: Shell.allCases) func filesLinksAndNothing(_ shell: Shell) async throws {
    try await Pieces.with(shell) { pieces in
      let lines = try await pieces.lines(
        Self.script + #"""
          echo one >/srv/one.conf; chmod 0640 /srv/one.conf
          mkdir /srv/real; echo r >/srv/real/f; ln -s real /srv/top
          belay_paths=5
          path_1() { restore_when=always copy=copy max_size='' exclude='' path=/srv/one.conf; }
          path_2() { path_1; path=/srv/absent; }
          path_3() { path_1; path=/srv/top; }
          path_4() { path_1; path=/srv/no/such/parent; }
          path_5() { path_1; copy=none path=/srv/big; }
          mkdir /srv/big; mkfifo /srv/big/fifo
          save
          snapshot_verify; verdict $?
          for n in 1 2 3 4; do restore $n; done; rm "$tx/restored"
          echo two >/srv/one.conf; mkdir /srv/absent; echo new >/srv/absent/n; echo changed >/srv/real/f
          for n in 1 2 3 4; do restore $n; done
          cat /srv/one.conf "$tx/aside/1/one.conf" /srv/top/f /srv/real.belay-0007/f /srv/absent.belay-0007/n
          stat -c %a /srv/one.conf; readlink /srv/top; ls -A /srv
          """#)
      #expect(
        lines == [
          "ok", "ok", "ok (unchanged)", "ok (unchanged)", "ok (unchanged)", "ok (unchanged)",
          "ok (restored, /var/lib/belay/shop/transactions/0007-x/aside/1/one.conf)",
          "ok (absent, /srv/absent.belay-0007)", "ok (restored, /srv/real.belay-0007)", "ok (unchanged)",
          "one", "two", "r", "changed", "new", "640", "real",
          "absent.belay-0007", "big", "one.conf", "real", "real.belay-0007", "repo", "top",
        ])
    }
  }

  @Test(arguments: Shell.allCases) func whatCannotBeSavedIsRefused(_ shell: Shell) async throws {
    try await Pieces.with(shell) { pieces in
      let lines = try await pieces.lines(
        Self.script + #"""
          mkdir -p /srv/data/mnt/deep /srv/data/a; echo x >/srv/data/a/f
          try() { one_path "$@"; reason=''; snapshot_copy_first; verdict $?; }
          head -c 50000 /dev/urandom >/srv/data/big; try /srv/data '' 40000; rm /srv/data/big
          mount -t tmpfs tmpfs /srv/data/a; try /srv/data; try /srv/data a; umount /srv/data/a
          mount -t tmpfs tmpfs /srv/data/mnt/deep; try /srv/data mnt; umount /srv/data/mnt/deep
          mount --bind /etc "/srv/data/mnt"; try /srv/data; umount /srv/data/mnt
          try /var/lib/belay; try /; mkfifo /srv/fifo; try /srv/fifo
          mount -t tmpfs -o size=100k tmpfs "$tx"; head -c 200000 /dev/urandom >/srv/data/big; try /srv/data
          [ ! -e "$tx/snapshot/paths/1/manifest" ] && echo "no manifest"
          snapshot_verify; verdict $?
          """#)
      #expect(
        lines == [
          "1: '/srv/data' has 57 kB, max_size is 40 kB",
          "1: '/srv/data' cannot be saved: /srv/data/a is a mount of its own; exclude it or declare it as a path", "ok",
          "1: '/srv/data' cannot be saved: /srv/data/mnt/deep is a mount of its own; exclude it or declare it as a path",
          "1: '/srv/data' cannot be saved: /srv/data/mnt is a mount of its own; exclude it or declare it as a path",
          "1: '/var/lib/belay' cannot be saved: /var/lib/belay/shop is inside",
          "1: '/' cannot be saved: it leads to '/'", "1: '/srv/fifo' is neither a directory nor a file",
          "1: cannot save '/srv/data': no space left in /var/lib/belay/shop/transactions/0007-x", "no manifest",
          "1: the snapshot of '/srv/data' is not complete",
        ])
    }
  }

  @Test(arguments: Shell.allCases) func damagedSnapshotIsNotRestored(_ shell: Shell) async throws {
    try await Pieces.with(shell) { pieces in
      let lines = try await pieces.lines(
        Self.script + #"""
          mkdir /srv/data; echo saved >/srv/data/f
          one_path /srv/data; save
          echo current >/srv/data/f
          printf X | dd of="$tx/snapshot/paths/1/first.tar" bs=1 seek=1600 conv=notrunc status=none
          snapshot_verify; verdict $?
          restore; cat /srv/data/f
          save; sed -i '$d' "$tx/snapshot/paths/1/manifest"; echo current >/srv/data/f
          restore; cat /srv/data/f
          rm "$tx/snapshot/paths/1/manifest"; restore
          save; printf './f\0' >"$tx/snapshot/paths/1/gone"; restore; ls -A /srv
          """#)
      #expect(
        lines == [
          "ok", "1: the snapshot of '/srv/data' is damaged",
          "1: cannot restore '/srv/data': the snapshot is damaged", "current",
          "ok", "1: the snapshot of '/srv/data' is not complete", "current",
          "1: the snapshot of '/srv/data' is not complete", "ok",
          "1: cannot restore '/srv/data': the snapshot is damaged", "data", "repo",
        ])
    }
  }

  @Test func treeThatKeepsChangingIsRefused() async throws {
    try await Pieces.with { pieces in
      let lines = try await pieces.lines(
        Self.script + #"""
          mkdir /srv/data; i=0; while [ $i -lt 200 ]; do echo $i >/srv/data/$i; i=$((i + 1)); done
          (while :; do echo x >>/srv/data/growing; mv /srv/data/7 /srv/data/8; mv /srv/data/8 /srv/data/7; done) 2>/dev/null &
          writer=$!
          one_path /srv/data
          snapshot_copy_first; verdict $?
          snapshot_copy_final; verdict $? | sed 's/: [^:]*$//'
          kill $writer; wait $writer
          snapshot_copy_final; verdict $?
          """#)
      #expect(lines == ["ok", "1: '/srv/data' keeps changing while it is copied", "ok"])
    }
  }

  /// The final pass runs after dpkg: the files that dpkg replaced are those of the new version by then.
  @Test func packagedFilesAreThoseOfTheOldVersion() async throws {
    try await Pieces.with { pieces in
      let lines = try await pieces.lines(
        Self.script + #"""
          mkdir /root/bin; printf '#!/bin/sh\ncat /root/packaged\n' >/root/bin/dpkg-query; chmod 755 /root/bin/dpkg-query
          PATH="/root/bin:$PATH"
          printf '%s\n' /. /etc /etc/shop /etc/shop/shop.conf >/root/packaged
          mkdir /etc/shop; echo "edited by hand" >/etc/shop/shop.conf; echo local >/etc/shop/local.conf
          one_path /etc/shop
          snapshot_copy_first; verdict $?
          echo /etc/shop/new.conf >>/root/packaged
          echo "new version" >/etc/shop/shop.conf; echo new >/etc/shop/new.conf; echo old >/etc/shop/shop.conf.dpkg-old
          echo "changed while running" >/etc/shop/local.conf
          snapshot_copy_final; verdict $?
          restore
          cd /etc/shop; grep . *; ls -A /etc/shop.belay-0007
          """#)
      #expect(
        lines == [
          "ok", "ok", "ok (restored, /etc/shop.belay-0007)", "local.conf:changed while running",
          "shop.conf:edited by hand", "local.conf", "new.conf", "shop.conf", "shop.conf.dpkg-old",
        ])
    }
  }
}
