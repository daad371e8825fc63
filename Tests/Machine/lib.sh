# shellcheck shell=bash
# shellcheck disable=SC2034  # the scripts that source this use them
# What the scripts of virtual machines share. Sourced, never run. A machine is a directory below $machines with: disk.qcow2 (what it
# wrote, over the image of its layer), port (where its agent answers), qemu (stamp of the process), owner and console.log.

machine_here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=../../templates/host/lib.sh
. "$machine_here/../../templates/host/lib.sh"
machines=$cache/machines

find_machine() {
  state=$machines/$1
  [ -e "$state/disk.qcow2" ] || die "no machine \"$1\""
}

# SIGKILL: qemu writes nothing more. It is somebody else's child, so only /proc says that it is gone.
power_off() {
  local process
  [ -e "$state/qemu" ] || return 0
  read -r process < "$state/qemu"
  if lives "$process"; then kill -9 "${process%% *}" 2>/dev/null || true; fi
  poll 20 gone "$process" || die "the qemu of machine \"${state##*/}\" does not die"
  rm -f "$state/qemu"
}

# Leftovers of runs that were killed.
sweep_machines() {
  for state in "$machines"/*/; do
    state=${state%/}
    [ -e "$state/owner" ] || continue
    if read -r owner < "$state/owner" && exists "$owner"; then continue; fi
    say "belay: removing the virtual machine \"${state##*/}\" that an earlier run left"
    power_off
    rm -rf "$state"
  done
}
