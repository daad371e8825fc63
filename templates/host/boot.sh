#!/bin/bash
# boot.sh NAME systemd|bare: starts a created or stopped host in its own namespaces (loopback only) and returns when
# its PID 1 runs. systemd: the real one, everything up comes a little later. bare: a process that only reaps.
# BELAY_NETWORK=yes: it shares the machine's network instead of having a loopback of its own.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

[ $# = 2 ] || usage 'NAME systemd|bare'
case $2 in systemd) comm=systemd ;; bare) comm=perl ;; *) usage 'NAME systemd|bare' ;; esac
find_host "$1"
if recorded init; then die "host \"$1\" runs already"; fi
recorded holder || die "host \"$1\" has lost its mounts"
cgroup=$(cat "$state/cgroup")
mkdir -p "$cgroup"
rm -f "$state/inside"
cat /proc/sys/kernel/random/uuid > "$state/boot-id"

net=--net
if [ "${BELAY_NETWORK-}" = yes ]; then net=; fi
# The shell must be in the host's cgroup before the cgroup namespace is made: that is what the host sees as its root.
# shellcheck disable=SC2016  # the inner shell expands it
setsid nsenter "--mount=/proc/${entry%% *}/ns/mnt" -- bash -c '
  echo $$ > "$1/cgroup.procs"; shift
  exec unshare --mount --pid --uts --ipc --cgroup --fork --kill-child --propagation private "$@"
' - "$cgroup" ${net:+"$net"} "$here/inside.sh" "$state" "$2" "$bounding" < /dev/null > "$state/console.log" 2>&1 &
outer=$!

# Both files are of processes that may be gone: then it is asked again, or the boot has failed. The first has no newline at its end,
# which read calls a failure.
first_child() { pid=; read -r pid _ 2>/dev/null < "/proc/$outer/task/$outer/children" || [ -n "$pid" ]; }
entered() { [ -e "$state/inside" ] && [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = "$comm" ]; }
set_up() { entered || gone "$outer_stamp"; }
outer_stamp=$(stamp $outer) || die "host \"$1\" did not start: $(cat "$state/console.log")"
poll 20 first_child || die "host \"$1\" did not start: $(cat "$state/console.log")"
stamp "$pid" > "$state/init" || die "host \"$1\" did not start: $(cat "$state/console.log")"
poll 20 set_up
entered || die "host \"$1\" did not start: $(cat "$state/console.log")"
readlink "/proc/$pid/ns/mnt" > "$state/namespace"
