#!/bin/bash
# sweep.sh: removes the machines whose owner is gone (a run that was killed), with their qemu. Touches nobody else's.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

[ $# = 0 ] || usage ''
sweep_machines
