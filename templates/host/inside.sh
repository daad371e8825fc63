#!/bin/bash
# inside.sh STATE systemd|bare BOUNDING: in fresh namespaces, makes the host's root directory, moves into it and
# becomes its PID 1. Run by boot.sh only.
set -euo pipefail
state=$1 init=$2 bounding=$3
root=$state/disk/root
mount -t overlay -o "lowerdir=$(cat "$state/base"),upperdir=$state/disk/up,workdir=$state/disk/work" overlay "$root"
# A path on a file system of its own: the same layers, another place to write to.
if [ -e "$state/separate" ]; then
  path=$(cat "$state/separate") layers=''
  while read -r layer; do if [ -d "$layer$path" ]; then layers=$layers${layers:+:}$layer$path; fi; done < <(tr : '\n' < "$state/base")
  mkdir -p "$root$path"
  if [ -z "$layers" ]; then layers=$root$path; fi
  mount -t overlay -o "lowerdir=$layers,upperdir=$state/own/up,workdir=$state/own/work" overlay "$root$path"
fi
cd "$root"

mount -t proc -o nosuid,nodev,noexec proc proc
# The machine's kernel settings are not the host's to write; its boot id is not the host's either.
mount --bind proc/sys proc/sys
mount --bind "$state/boot-id" proc/sys/kernel/random/boot_id
mount -o remount,bind,ro proc/sys/kernel/random/boot_id
mount -o remount,bind,ro proc/sys
if [ -e proc/sysrq-trigger ]; then
  mount --bind proc/sysrq-trigger proc/sysrq-trigger
  mount -o remount,bind,ro proc/sysrq-trigger
fi
# Read-only: udevd then stays away.
mount -t sysfs -o ro,nosuid,nodev,noexec sysfs sys
if [ "$init" = systemd ]; then
  mount -t cgroup2 -o nosuid,nodev,noexec cgroup2 sys/fs/cgroup
fi

mount -t tmpfs -o mode=755,nosuid tmpfs dev
for node in null zero full random urandom tty; do
  : > "dev/$node"
  mount --bind "/dev/$node" "dev/$node"
done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts dev/pts
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
ln -s fd/0 dev/stdin
ln -s fd/1 dev/stdout
ln -s fd/2 dev/stderr
mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs dev/shm
mount -t tmpfs -o mode=755,nosuid,nodev tmpfs run
mkdir -p srv/repo
mount --bind "$state/repo" srv/repo
mount -o remount,bind,ro srv/repo

# Written once: a later boot must find what the host's own administrator made of it.
if [ ! -s etc/machine-id ]; then tr -d - < "$state/machine-id" > etc/machine-id; fi
if [ "${BELAY_NETWORK-}" = yes ]; then cp --remove-destination -L /etc/resolv.conf etc/resolv.conf; fi
ip link set lo up
hostname "$(cat etc/hostname)"

: > "$state/inside"
mkdir -p oldroot
pivot_root . oldroot
umount -l oldroot
rmdir oldroot
path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
if [ "$init" = bare ]; then
  # shellcheck disable=SC2016  # perl's
  exec env -i "PATH=$path" setpriv "--bounding-set=$bounding" perl -e '$SIG{CHLD} = "IGNORE"; sleep 1000 while 1'
fi
exec env -i container=belay "PATH=$path" TERM=dumb setpriv "--bounding-set=$bounding" \
  /sbin/init --log-target=journal systemd.unified_cgroup_hierarchy=1
