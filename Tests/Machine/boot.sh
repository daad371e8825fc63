#!/bin/bash
# boot.sh NAME systemd: starts a created machine or one that is off, and returns when its qemu runs.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

if [ $# != 2 ] || [ "$2" != systemd ]; then usage 'NAME systemd'; fi
find_machine "$1"
if recorded qemu; then die "machine \"$1\" runs already"; fi
kernel=$(cat "$state/kernel")
accelerator=$(cat "$kernel/accelerator")
cpu=max
if [ "$accelerator" = kvm ]; then cpu=host; fi
rm -f "$state/pid"
# Somebody else may have taken the port: another one then.
for try in 1 2 3 4 5 6 7 8 9 10; do
  port=$((20000 + RANDOM % 12000))
  if qemu-system-x86_64 -M q35 -accel "$accelerator" -cpu "$cpu" -smp 2 -m 1024 -nodefaults -display none -no-reboot \
    -kernel "$kernel/vmlinuz" -initrd "$kernel/initrd" \
    -append 'root=/dev/vda rw console=ttyS0 quiet panic=-1 mitigations=off net.ifnames=0 systemd.getty_auto=no' \
    -drive "file=$state/disk.qcow2,if=none,id=disk,cache=writeback" -device virtio-blk-pci,drive=disk \
    -nic "user,model=virtio-net-pci,restrict=on,hostfwd=tcp:127.0.0.1:$port-10.0.2.15:7000" \
    -serial "file:$state/console.log" -monitor none -daemonize -pidfile "$state/pid" \
    < /dev/null > "$state/qemu.log" 2>&1; then break; fi
  if [ "$try" = 10 ] || ! grep -q 'hostfwd\|host forwarding' "$state/qemu.log"; then die "qemu did not start: $(cat "$state/qemu.log")"; fi
done
echo "$port" > "$state/port"
stamp "$(cat "$state/pid")" > "$state/qemu" || die "qemu ended at once: $(cat "$state/qemu.log" "$state/console.log")"
