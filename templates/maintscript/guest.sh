# Invariant 8: in chroots, image builds, DPKG_ROOT and containers without init belay is a guest: no process left, no service touched.

# 0: a guest. The reason is in guest_because.
is_guest() {
  guest_because=''
  if [ -n "${DPKG_ROOT:-}" ]; then
    guest_because='DPKG_ROOT is set'
  elif [ ! -d /run/systemd/system ]; then
    guest_because='systemd is not running here'
  elif [ -n "${SYSTEMD_OFFLINE:-}" ]; then
    guest_because='SYSTEMD_OFFLINE is set'
  elif ischroot; then
    guest_because='this is a chroot'
  fi
  [ -n "$guest_because" ]
}

# 0: the machine is going down, or its manager does not answer: nothing can be decided about services now.
system_is_stopping() {
  local answer
  [ -d /run/systemd/system ] || return 1
  answer=$(timeout 10 systemctl is-system-running 2>/dev/null) || : # "degraded" and "starting" exit with 1 as well
  case $answer in
  running | degraded | starting | initializing | maintenance) return 1 ;;
  esac
  return 0
}
