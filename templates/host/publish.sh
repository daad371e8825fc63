#!/bin/bash
# publish.sh NAME [DEB...]: copies the packages into the host's apt repository (its /srv/repo) and writes the index anew.
# The host learns of it with apt-get update.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -ge 1 ] || usage 'NAME [DEB...]'
find_host "$1"
shift
if [ $# -gt 0 ]; then cp -- "$@" "$state/repo/"; fi
exec 9> "$state/publish.lock"
flock 9
# apt must never read half an index.
(cd "$state/repo" && dpkg-scanpackages --multiversion . > ../Packages.new 2> ../Packages.log) || die "$(cat "$state/Packages.log")"
mv "$state/Packages.new" "$state/repo/Packages"
