#!/bin/bash
# cut.sh NAME: cuts the power of a machine: SIGKILL of its qemu. What its kernel had not written yet is lost. boot.sh starts it again.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

[ $# = 1 ] || usage NAME
find_machine "$1"
power_off
