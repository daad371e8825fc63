#!/bin/bash
# base.sh minimal|postgresql: prints the directory of an unpacked Debian that hosts are laid over; builds it when there
# is none yet for these inputs. Needs root and, to build, the machine's own Debian archive.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

suite=bookworm
packages=systemd-sysv,dbus,iproute2,procps,strace,libfaketime,perl,util-linux-extra,adduser,ca-certificates
case ${1-} in
  minimal) ;;
  postgresql) packages=$packages,postgresql,libdbd-pg-perl,libhttp-daemon-perl ;;
  *) usage 'minimal|postgresql' ;;
esac

sources=/etc/apt/sources.list.d/debian.sources
[ -e "$sources" ] || sources=/etc/apt/sources.list
key=$(cat "$0" "$sources" - <<< "$1 $packages $suite" | sha256sum | cut -c1-16)
base=$cache/base-$1-$key
if [ -e "$base/.ready" ]; then echo "$base/root"; exit; fi

[ "$(id -u)" = 0 ] || die 'building a base needs root'
mkdir -p "$cache"
exec 9> "$cache/base-$1.lock"
flock 9
if [ -e "$base/.ready" ]; then echo "$base/root"; exit; fi

say "belay: building the \"$1\" host base with mmdebstrap (half a minute to two)"
rm -rf "$base"
mkdir -p "$base/root" "$base/scratch"
# dpkg syncs every file it unpacks: on a tmpfs that is free, which makes this three times as fast.
# The tar is streamed to the disk: a directory that mmdebstrap builds in place would be synced file by file.
# shellcheck disable=SC2016  # the inner shell expands it
BELAY_BASE=$base suite=$suite packages=$packages sources=$sources unshare --mount --propagation private bash -euo pipefail -c '
  mount -t tmpfs -o mode=755 tmpfs "$BELAY_BASE/scratch"
  TMPDIR=$BELAY_BASE/scratch mmdebstrap --quiet --mode=root --variant=apt --include="$packages" "$suite" - "$sources" |
    tar --extract --numeric-owner --same-owner --xattrs --xattrs-include="*" --directory="$BELAY_BASE/root"
' 9>&- 1>&2 || { rm -rf "$base"; die "mmdebstrap could not build the \"$1\" base"; }
rmdir "$base/scratch"

# The building machine's name and archive have no business in a host without network.
rm -rf "$base/root/etc/apt/sources.list.d" "$base/root/var/lib/apt/lists"
mkdir -p "$base/root/etc/apt/sources.list.d" "$base/root/var/lib/apt/lists/partial" "$base/root/srv/repo"
chown _apt "$base/root/var/lib/apt/lists/partial"
chmod 700 "$base/root/var/lib/apt/lists/partial"
echo 'deb [trusted=yes] file:/srv/repo ./' > "$base/root/etc/apt/sources.list"
printf '127.0.0.1 localhost host\n::1 localhost\n' > "$base/root/etc/hosts"
echo host > "$base/root/etc/hostname"
: > "$base/root/etc/machine-id"
: > "$base/.ready"
echo "$base/root"
