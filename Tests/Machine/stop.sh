#!/bin/bash
# stop.sh NAME: removes a machine.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

[ $# = 1 ] || usage NAME
state=$machines/$1
power_off
rm -rf "$state"
