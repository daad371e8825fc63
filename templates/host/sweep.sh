#!/bin/bash
# sweep.sh: removes the hosts whose owner is gone (a run that was killed). Touches nobody else's.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

[ $# = 0 ] || usage ''
[ -d "$hosts" ] || exit 0
for state in "$hosts"/*/; do
  state=${state%/}
  [ -d "$state" ] || continue
  if read -r owner 2> /dev/null < "$state/owner" && exists "$owner"; then continue; fi
  say "belay: removing the host \"${state##*/}\" that an earlier run left"
  "$here/stop.sh" "${state##*/}"
done
