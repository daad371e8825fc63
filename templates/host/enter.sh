#!/bin/bash
# enter.sh NAME COMMAND...: runs it in a started host as root, with a clean environment, and ends with its exit code;
# 125 when the command could not even be started there.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

failure=125
[ $# -ge 2 ] || usage 'NAME COMMAND...'
find_host "$1"
shift
recorded init || die "host \"${state##*/}\" does not run"

# As a login session would be: a cgroup of its own, outside any unit, killed together with the host. systemd removes
# an empty one, so it may vanish between the two commands: that is not worth a word, it is made again.
session=$(cat "$state/cgroup")/user.slice/belay-session.scope
# shellcheck disable=SC2317,SC2329  # called by poll
join() { mkdir -p "$session" && echo $$ > "$session/cgroup.procs"; } 2>/dev/null
poll 5 join || die 'no cgroup for the command'
exec nsenter -t "${entry%% *}" --mount --pid --net --uts --ipc --cgroup --root --wd \
  env -i "PATH=$host_path" HOME=/root TERM=dumb LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
  setpriv "--bounding-set=$bounding" "$@"
