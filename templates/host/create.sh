#!/bin/bash
# create.sh NAME BASE [--disk] [--size SIZE] [--repo DIRECTORY] [--separate PATH]: a new host over the unpacked BASE, not
# started yet. BASE may be LAYER:BASE, layers that seal.sh made over it. Its writable layer is a tmpfs; with --disk an ext4
# image, which cut.sh needs. SIZE limits it (default 2G). DIRECTORY is its /srv/repo instead of one of its own. PATH (for
# instance /var) is a file system of its own.
# BELAY_OWNER (a pid, default: the caller's) says whose host it is: sweep.sh removes it when that process is gone.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

form='NAME BASE [--disk] [--size SIZE] [--repo DIRECTORY] [--separate PATH]'
[ $# -ge 2 ] || usage "$form"
name=$1 base=$2 disk=no size=2G repo='' separate=''
shift 2
while [ $# -gt 0 ]; do
  case $1 in
    --disk) disk=yes; shift ;;
    --size) size=${2:?}; shift 2 ;;
    --repo) repo=${2:?}; shift 2 ;;
    --separate) separate=${2:?}; shift 2 ;;
    *) usage "$form" ;;
  esac
done
[ "$(id -u)" = 0 ] || die 'a host needs root'
[ -d "${base##*:}" ] || die "no base \"$base\""
cgroups=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
[ -n "$cgroups" ] || die 'this machine has no cgroup2 mount'
state=$hosts/$name
mkdir -p "$hosts"
why=$(mkdir "$state" 2>&1) || die "cannot make host \"$name\": $why"
mkdir "$state/ram" "$state/disk"
if [ -n "$repo" ]; then
  ln -s "$(realpath "$repo")" "$state/repo"
else
  mkdir "$state/repo"
  : > "$state/repo/Packages"
fi
if [ -n "$separate" ]; then
  mkdir "$state/own"
  echo "$separate" > "$state/separate"
fi
echo "$base" > "$state/base"
stamp "${BELAY_OWNER:-$PPID}" > "$state/owner" || die "no process ${BELAY_OWNER:-$PPID}"
echo "$cgroups/belay-$name" > "$state/cgroup"
cat /proc/sys/kernel/random/uuid > "$state/machine-id"

# No file descriptor of the caller may live on in the holder: a pipe's reader would wait for it for ever.
setsid unshare --mount --propagation private "$here/hold.sh" "$state" "$disk" "$size" \
  < /dev/null > "$state/holder.log" 2>&1 &
holder=$!
mounted() { [ -e "$state/ready" ] || gone "$holder_stamp"; }
holder_stamp=$(stamp $holder) || die "the holder of host \"$name\" ended at once: $(cat "$state/holder.log")"
echo "$holder_stamp" > "$state/holder"
poll 20 mounted
[ -e "$state/ready" ] || die "host \"$name\" has no disk: $(cat "$state/holder.log")"
