#!/bin/bash
# cut.sh NAME: cuts the power of a host that was created with --disk. What was not synced is lost, as in reality: every
# process is frozen, the file system is shut down under them, then PID 1 is killed and the disk is mounted again, which
# replays its journal. boot.sh starts the host again.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

[ $# = 1 ] || usage NAME
find_host "$1"
[ -e "$state/has-disk" ] || die "host \"$1\" has no disk of its own: create it with --disk"
# Nobody may act on what the dead disk tells: an fsync whose transaction was aborted can return success (T, Linux 6.18: 8 of 60
# cuts lost what was acknowledged upon it, none with the freeze).
cgroup=$(cat "$state/cgroup")
if [ -e "$cgroup/cgroup.freeze" ] && [ -e "$cgroup/cgroup.kill" ]; then echo 1 > "$cgroup/cgroup.freeze"; fi
in_holder xfs_io -x -c shutdown "$state/disk"
down
# Busy for a moment longer: asked again, and told at the end.
# shellcheck disable=SC2317,SC2329  # called by poll
unmounted() { in_holder umount "$state/disk" 2>/dev/null; }
poll 20 unmounted || die "the disk of host \"$1\" is still in use"
# A second mount beside one that somebody still holds would be the same, dead, file system.
# shellcheck disable=SC2317,SC2329
detached() { [ -z "$(in_holder losetup -j "$state/ram/disk.img")" ]; }
poll 20 detached || die "the disk of host \"$1\" is still in use"
in_holder mount -o loop "$state/ram/disk.img" "$state/disk"
