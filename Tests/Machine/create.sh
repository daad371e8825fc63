#!/bin/bash
# create.sh NAME LAYER:BASE [--size SIZE] [--repo DIRECTORY] [--disk]: a new virtual machine whose disk begins as a host of that layer,
# not started yet. As templates/host/create.sh, but the kernel is the machine's own. Its disk always loses power.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

form='NAME LAYER:BASE [--size SIZE] [--repo DIRECTORY] [--disk]'
[ $# -ge 2 ] || usage "$form"
name=$1 base=$2 size=2G repo=''
shift 2
while [ $# -gt 0 ]; do
  case $1 in
    --disk) shift ;;
    --size) size=${2:?}; shift 2 ;;
    --repo) repo=${2:?}; shift 2 ;;
    *) usage "$form" ;;
  esac
done
[ "$(id -u)" = 0 ] || die 'a machine needs root'
mkdir -p "$machines"
sweep_machines
kernel=$("$machine_here/kernel.sh")

# Beside the layer: it is gone when the layer is.
image=${base%%:*}.$size.raw
exec 9> "$image.lock"
flock 9
if [ ! -e "$image" ]; then
  # shellcheck disable=SC2016  # the inner shell expands it
  unshare --mount --propagation private bash -euo pipefail -c '
    base=$1 repo=$2 image=$3 size=$4 here=$5
    scratch=$image.scratch
    mkdir "$scratch"
    mount -t tmpfs tmpfs "$scratch"
    mkdir "$scratch/up" "$scratch/work" "$scratch/root"
    mount -t overlay -o "lowerdir=$base,upperdir=$scratch/up,workdir=$scratch/work" overlay "$scratch/root"
    cd "$scratch/root"
    if [ -n "$repo" ]; then mkdir -p srv/repo; cp -a "$repo/." srv/repo/; fi
    tr -d - < /proc/sys/kernel/random/uuid > etc/machine-id
    install -m 755 "$here/agent" usr/local/sbin/test-agent
    install -m 644 "$here"/test-agent.socket "$here"/test-agent@.service "$here"/test-network.service etc/systemd/system/
    mkdir -p etc/systemd/system/sockets.target.wants etc/systemd/system/sysinit.target.wants
    ln -s ../test-agent.socket etc/systemd/system/sockets.target.wants/
    ln -s ../test-network.service etc/systemd/system/sysinit.target.wants/
    mke2fs -q -F -t ext4 -m 0 -d . "$image.partial" "$size"
  ' - "$base" "$repo" "$image" "$size" "$machine_here" 9>&- 1>&2
  rmdir "$image.scratch"
  mv "$image.partial" "$image"
fi
flock -u 9

state=$machines/$name
mkdir "$state" 2>/dev/null || die "machine \"$name\" exists already"
stamp "${BELAY_OWNER:-$PPID}" > "$state/owner" || die "no process ${BELAY_OWNER:-$PPID}"
echo "$kernel" > "$state/kernel"
# qcow2: qemu notes where a new cluster lies when the guest flushes, so that what it did not flush may be lost with qemu.
qemu-img create -q -f qcow2 -b "$image" -F raw "$state/disk.qcow2"
