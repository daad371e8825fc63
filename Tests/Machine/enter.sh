#!/bin/bash
# enter.sh NAME COMMAND...: runs it in a started machine as root, with a clean environment, and ends with its exit code; 125 when it
# could not be started there, or the machine went away meanwhile. Waits for a machine that is just booting.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

failure=125
[ $# -ge 2 ] || usage 'NAME COMMAND...'
find_machine "$1"
shift
recorded qemu || die "machine \"${state##*/}\" does not run"
exec perl "$machine_here/ask" "$(cat "$state/port")" "${entry%% *}" "$@"
