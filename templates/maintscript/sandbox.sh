# A hardened unit that runs apt (ProtectSystem=, ReadOnlyPaths=): what is read-only only in there is no fault of the host's, and
# mounting anything anew would be the wrong advice.

# 0: PID 1 may write to PLACE, and this process may not.
is_sandboxed() {
  [ "$(readlink /proc/self/ns/mnt)" != "$(readlink /proc/1/ns/mnt)" ] && [ -w "/proc/1/root$1" ]
}

# read_only PLACE: why it cannot be written to, and what helps. Sets reason and remedy.
read_only() {
  local unit
  if is_sandboxed "$1"; then
    unit=$(sed -n 's|.*/\([^/]*\.service\)\(/.*\)*$|\1|p' /proc/self/cgroup | head -n 1)
    reason="$1 is read-only in the sandbox of ${unit:-a unit}, which runs this apt"
    remedy="systemd-run --pipe --wait apt-get install $belay_package"
  else
    reason="$1 is read-only"
    remedy="mount -o remount,rw $1"
  fi
}
