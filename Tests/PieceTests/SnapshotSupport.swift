/// What the snapshot tests say in the shell.
enum SnapshotSupport {
  /// `one_path PATH [EXCLUDE] [MAX_SIZE]`, `save`, `restore`, `print_tree DIRECTORY` and `attribute FILE NAME VALUE`.
  static let functions = #"""
    one_path() {
      belay_paths=1 declared="$1" excluded="${2-}" largest="${3-}"
      path_1() { path="$declared" restore_when='always' copy='copy' max_size="$largest" exclude="$excluded"; }
    }
    save() { reason=''; snapshot_copy_first && snapshot_copy_final; verdict $?; }
    restore() { reason='' restored=''; snapshot_restore "${1:-1}" belay-0007; verdict $? | sed "s|\$|${restored:+ ($restored)}|"; }
    print_tree() {
      (cd "$1" && find . ! -type s -printf '%y %m %U:%G %T@ %n %l %p %s\0' | sed -z 's/^\(d.*\) [0-9]*$/\1/' | sort -z | tr '\0\n' '\n?'
        tar --sort=name --exclude=sparse --create --acls --xattrs '--xattrs-include=*' --numeric-owner --format=posix \
          --pax-option=delete=atime,delete=ctime,exthdr.name=x . 2>/dev/null | sha256sum)
    }
    attribute() { perl -e 'syscall(188, @ARGV, length $ARGV[2], 0) == 0 or die $!' "$1" "$2" "$3"; }

    """#

  /// `make_tree DIRECTORY`: everything a file system knows.
  static let everything = #"""
    make_tree() {
      umask 022
      mkdir -p "$1/sub/deep" "$1/empty"
      cd "$1"
      echo one >a; ln a hard; echo two >sub/b; ln -s /etc/shadow link; ln -s nowhere dangling; mkfifo fifo
      printf x >"new
    line"; printf y >./-dash; printf z >"$(printf 'not\377utf8')"; printf q >"it's \"\$(touch ran)\""
      printf l >"$(head -c 255 /dev/zero | tr '\0' n)"
      truncate -s 1T sparse; echo end >>sparse
      truncate -s 10M holes; printf middle | dd of=holes bs=1 seek=5000000 conv=notrunc status=none
      printf secret >secret; chmod 0600 secret; chown 65534:65534 secret sub; chmod 2750 sub; chmod u+s sub/b
      attribute a user.note "some value"
      perl -e 'my ($caps, $acl) = (pack("V5", 0x02000001, 0x2000, 0, 0, 0),
          pack("V(vvV)5", 2, 1, 6, -1, 2, 4, 7, 4, 4, -1, 16, 6, -1, 32, 0, -1));
        my @caps = ("sub/b", "security.capability"); my @acl = ("secret", "system.posix_acl_access");
        syscall(188, @caps, $caps, length $caps, 0) == 0 && syscall(188, @acl, $acl, length $acl, 0) == 0 or die $!'
      perl -e 'use IO::Socket::UNIX; IO::Socket::UNIX->new(Local => "socket", Listen => 1)'
      touch -d '2001-02-03 04:05:06.789' a sub/deep
      chown 65534 .; chmod 0750 .
      cd /
      umask 077
    }

    """#
}
