#!/bin/bash
# seal.sh NAME DIRECTORY: makes what a stopped host wrote a layer for other hosts (create.sh's LAYER:BASE). DIRECTORY appears
# complete, or not at all.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

[ $# = 2 ] || usage 'NAME DIRECTORY'
find_host "$1"
down
rm -rf "$2.partial"
mkdir -p "$2.partial"
# Whiteouts and overlayfs' own attributes too.
in_holder cp -a "$state/disk/up/." "$2.partial/"
mv -T "$2.partial" "$2"
