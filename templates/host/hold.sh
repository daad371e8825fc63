#!/bin/bash
# hold.sh STATE DISK SIZE: mounts a new host's writable layer in this process's own mount namespace and keeps it there.
# Run by create.sh only.
set -euo pipefail
# A file descriptor inherited from the caller (a pipe, a lock) must not stay open as long as the host lives. The one that
# lists them is gone when its turn comes.
for fd in /proc/self/fd/*; do
  fd=${fd##*/}
  if [ "$fd" -gt 2 ] && [ "$fd" != 255 ]; then eval "exec $fd>&-" 2>/dev/null || true; fi
done
state=$1
if [ "$2" = yes ]; then
  mount -t tmpfs -o mode=700 tmpfs "$state/ram"
  truncate -s "$3" "$state/ram/disk.img"
  mkfs.ext4 -q -F -m 0 -E lazy_itable_init=1,lazy_journal_init=1 "$state/ram/disk.img"
  mount -o loop "$state/ram/disk.img" "$state/disk"
  : > "$state/has-disk"
else
  mount -t tmpfs -o "mode=755,size=$3" tmpfs "$state/disk"
fi
mkdir "$state/disk/up" "$state/disk/work" "$state/disk/root"
if [ -e "$state/separate" ]; then
  mount -t tmpfs -o "mode=755,size=$3" tmpfs "$state/own"
  mkdir "$state/own/up" "$state/own/work"
fi
: > "$state/ready"
exec sleep infinity
