#!/bin/bash
# stop.sh NAME: ends the host and removes everything of it.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

[ $# = 1 ] || usage NAME
state=$hosts/$1
[ -d "$state" ] || exit 0
down
# What a boot that was killed half-way had started is in the host's cgroup, and in no file of ours.
cgroup=$(cat "$state/cgroup" 2>/dev/null || true)
if [ -n "$cgroup" ] && [ -e "$cgroup/cgroup.kill" ]; then echo 1 > "$cgroup/cgroup.kill"; fi
if recorded holder; then
  kill -9 "${entry%% *}"
  poll 20 gone "$entry" || die "the holder of host \"$1\" does not die"
fi
if [ -n "$cgroup" ] && [ -d "$cgroup" ]; then
  # A process that was killed leaves its cgroup a moment after it is gone from /proc.
  # shellcheck disable=SC2317,SC2329  # called by poll
  removed() { find "$cgroup" -depth -type d -exec rmdir {} + 2>/dev/null; [ ! -d "$cgroup" ]; }
  poll 10 removed || die "the cgroup of host \"$1\" is still in use"
fi
rm -rf --one-file-system "$state"
