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
clear_cgroup "$(cat "$state/cgroup" 2>/dev/null || true)"
if recorded holder; then
  kill -9 "${entry%% *}"
  poll 20 gone "$entry" || die "the holder of host \"$1\" does not die"
fi
rm -rf --one-file-system "$state"
