#!/bin/bash
# kernel.sh: prints the directory of Debian's kernel with an initrd that mounts an ext4 virtio disk, and which accelerator
# works here (files vmlinuz, initrd, accelerator). Made once: nothing of it is installed on this machine.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

base=$("$here/base.sh" rehearsal --include linux-image-cloud-amd64,initramfs-tools)
made=$(dirname "$base")/machine
if [ ! -e "$made/accelerator" ]; then
  [ "$(id -u)" = 0 ] || die 'a machine needs root'
  exec 9> "$(dirname "$base")/machine.lock"
  flock 9
  mkdir -p "$made"
  say 'belay: making the initrd of the virtual machines'
  # In an overlay: the base stays as it was.
  # shellcheck disable=SC2016  # the inner shell expands it
  unshare --mount --pid --fork --propagation private bash -euo pipefail -c '
    scratch=$2/scratch
    mkdir -p "$scratch"
    mount -t tmpfs tmpfs "$scratch"
    mkdir "$scratch/up" "$scratch/work" "$scratch/root"
    mount -t overlay -o "lowerdir=$1,upperdir=$scratch/up,workdir=$scratch/work" overlay "$scratch/root"
    mount -t proc proc "$scratch/root/proc"
    cd "$scratch/root/etc/initramfs-tools"
    sed -i -e "s/^MODULES=.*/MODULES=list/" -e "s/^COMPRESS=.*/COMPRESS=gzip/" initramfs.conf
    printf "%s\n" virtio_pci virtio_blk virtio_net ext4 > modules
    kernel=$(echo "$scratch"/root/boot/vmlinuz-*)
    chroot "$scratch/root" mkinitramfs -o /initrd "${kernel##*/vmlinuz-}"
    cp "$scratch/root/initrd" "$2/initrd"
    cp "$kernel" "$2/vmlinuz"
  ' - "$base" "$made" 9>&- 1>&2
  # Where /dev/kvm is there it need not work (one inside another machine): it does when the kernel comes as far as its end.
  accelerator=tcg,thread=multi
  if [ -w /dev/kvm ]; then
    (timeout --signal=KILL 20 qemu-system-x86_64 -M q35 -accel kvm -cpu host -m 512 -nodefaults -display none -no-reboot \
      -kernel "$made/vmlinuz" -append 'console=ttyS0 panic=-1' -serial "file:$made/probe.log" -monitor none -nic none \
      < /dev/null 9>&- || true) > /dev/null 2>&1
    if grep -q 'Kernel panic' "$made/probe.log" 2>/dev/null; then accelerator=kvm; fi
  fi
  say "belay: the virtual machines run with -accel $accelerator"
  echo "$accelerator" > "$made/accelerator"
fi
echo "$made"
