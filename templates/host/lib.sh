# shellcheck shell=bash
# shellcheck disable=SC2034  # the scripts that source this use them
# What the host scripts share. Sourced, never run.
#
# A host is a directory below $hosts with: holder (the pid that keeps the host's mounts alive), init (the pid of the
# host's PID 1), owner (who asked for it), base, cgroup, repo/ (the host sees it as /srv/repo) and console.log.
# The mounts themselves are seen only in the holder's mount namespace: when its last process is gone, so are they.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
checkout=$(cd "$here/../.." && pwd)
cache=${BELAY_CACHE:-$checkout/.cache}
hosts=${BELAY_HOSTS:-$checkout/.cache/hosts}

# A host must not be able to set the machine's clock, load modules or make device nodes.
bounding=-mknod,-sys_module,-sys_rawio,-sys_time,-mac_admin,-mac_override
host_path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

say() { printf '%s\n' "$*" >&2; }
failure=1
die() { say "${0##*/}: error: $*"; exit "$failure"; }
usage() { say "usage: ${0##*/} $*"; exit 64; }

# stamp PID: "PID STARTTIME"; a pid alone may have been given to somebody else since. No file: it is gone, which is an answer.
stamp() {
  local line
  read -r line 2>/dev/null < "/proc/$1/stat" || return 1
  line=${line##*) }
  # shellcheck disable=SC2086  # the fields are wanted as words
  set -- "$1" $line
  state_letter=$2
  printf '%s %s\n' "$1" "${21}"
}
# A program whose main thread has ended while others run (Swift's do) looks like a zombie and is none.
exists() { [ -n "$1" ] && [ "$(stamp "${1%% *}")" = "$1" ]; }
lives() { [ -n "$1" ] && stamp "${1%% *}" > /dev/null && [ "$state_letter" != Z ] && exists "$1"; }
recorded() { [ -e "$state/$1" ] && read -r entry < "$state/$1" && lives "$entry"; }

# poll SECONDS COMMAND...: until it succeeds; 1 after that time.
poll() {
  local end=$((${EPOCHREALTIME/./} + $1 * 1000000)); shift
  until "$@"; do
    [ "${EPOCHREALTIME/./}" -lt "$end" ] || return 1
    sleep 0.005
  done
}

# find_host NAME: sets state; the host must have been created.
find_host() {
  state=$hosts/$1
  [ -e "$state/holder" ] || die "no host \"$1\""
}

# in_holder COMMAND...: runs it where the host's disk is mounted.
in_holder() {
  recorded holder || die "host \"${state##*/}\" has lost its mounts"
  nsenter "--mount=/proc/${entry%% *}/ns/mnt" -- "$@"
}

gone() { ! lives "$1"; }

# Nobody may still use the old mount namespace when the same upper directory is mounted again. What find cannot look at are processes
# that end while it looks.
namespace_unused() { [ -z "$(find /proc -maxdepth 3 -path '/proc/[0-9]*/ns/mnt' -lname "$1" -print -quit 2>/dev/null)" ]; }

# clear_cgroup CGROUP: kills what is left in it and removes it. To boot again in a cgroup whose kill switch was used once gets the new
# boot's first processes killed: clone3(2) with CLONE_INTO_CGROUP, as systemd since 254 does it, compares with the parent's (T, Linux 6.18).
clear_cgroup() {
  [ -n "$1" ] && [ -d "$1" ] || return 0
  if [ -e "$1/cgroup.kill" ]; then echo 1 > "$1/cgroup.kill"; fi
  # A process that was killed leaves its cgroup a moment after it is gone from /proc.
  poll 10 cgroup_removed "$1" || die "the cgroup of host \"${state##*/}\" is still in use"
}
# Busy until the last process has left it: asked again.
cgroup_removed() { find "$1" -depth -type d -exec rmdir {} + 2>/dev/null; [ ! -d "$1" ]; }

# down: kills PID 1 and with it everything in the host, and waits until it is gone.
down() {
  local pid1 namespace cgroup
  [ -e "$state/init" ] || return 0
  read -r pid1 < "$state/init"
  # A boot that was killed half-way has not written it.
  namespace=$(cat "$state/namespace" 2>/dev/null || true)
  cgroup=$(cat "$state/cgroup")
  # Frozen (cut.sh), all are killed as they stand: PID 1 alone would wait for ever for what a frozen nsenter has to reap.
  if [ -e "$cgroup/cgroup.freeze" ] && [ "$(cat "$cgroup/cgroup.freeze")" = 1 ]; then echo 1 > "$cgroup/cgroup.kill"; fi
  # It may die by itself between the two.
  if lives "$pid1"; then kill -9 "${pid1%% *}" 2>/dev/null || true; fi
  poll 20 gone "$pid1" || die "PID 1 of host \"${state##*/}\" does not die"
  clear_cgroup "$cgroup"
  [ -z "$namespace" ] || poll 20 namespace_unused "$namespace" || die "host \"${state##*/}\" still has processes"
  rm -f "$state/init"
}
