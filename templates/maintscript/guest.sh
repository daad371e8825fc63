# Invariant 8: in chroots, image builds, DPKG_ROOT and containers without init belay is a guest: no process left, no service touched.

# 0: a guest. The reason is in guest_because. Nothing that it depends on changes while we run, so it is found once.
is_guest() {
  if [ -n "$guest_known" ]; then
    [ -n "$guest_because" ]
    return
  fi
  guest_known=yes
  if [ -n "${DPKG_ROOT:-}" ]; then
    guest_because='DPKG_ROOT is set'
  elif [ ! -d /run/systemd/system ]; then
    guest_because='systemd is not running here'
  elif [ -n "${SYSTEMD_OFFLINE:-}" ]; then
    guest_because='SYSTEMD_OFFLINE is set'
  elif in_chroot; then
    guest_because='this is a chroot'
  fi
  [ -n "$guest_because" ]
}

# ischroot takes a mount namespace of its own for a chroot, and every unit with PrivateTmp= or ProtectSystem= has one (T): it is
# asked where the namespace is PID 1's; elsewhere the two roots are compared. What cannot be told (2) is a chroot.
in_chroot() {
  local answer=0
  if [ "$(readlink /proc/self/ns/mnt)" = "$(readlink /proc/1/ns/mnt)" ]; then
    ischroot || answer=$?
    [ "$answer" -ne 1 ]
  else
    [ "$(stat -L -c %d:%i /)" != "$(stat -L -c %d:%i /proc/1/root)" ]
  fi
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
