#!/bin/bash
# seal.sh NAME DIRECTORY: makes what a stopped host wrote a layer for other hosts (create.sh's LAYER:BASE). DIRECTORY appears
# complete, or not at all.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

[ $# = 2 ] || usage 'NAME DIRECTORY'
find_host "$1"
down
partial=$2.partial-$$
trap 'rm -rf "$partial"' EXIT
mkdir -p "$partial"
# Whiteouts and overlayfs' own attributes too.
in_holder cp -a "$state/disk/up/." "$partial/"
# Whoever makes the same layer at the same time may be first: it is the same, and hosts may lie on it already.
why=$(mv -T "$partial" "$2" 2>&1) || [ -d "$2" ] || die "cannot make \"$2\": $why"
