#!/bin/bash
# kill.sh NAME: SIGKILLs the host's PID 1 and everything with it. What was written stays, synced or not; boot.sh starts
# it again. For a power cut see cut.sh.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

[ $# = 1 ] || usage NAME
find_host "$1"
down
