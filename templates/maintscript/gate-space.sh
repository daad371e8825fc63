# Gate: room on every file system that the update writes to.

gate_space() {
  local place free least='' least_place='' remedy
  for place in / /usr /var "$state" "$tx"; do
    if ! free="$(df --output=avail -B1 -- "$place" 2>/dev/null | tail -n 1)" || [ -z "$free" ]; then
      gate_failed space "cannot tell how much is free on $place" "mount $place"
      return 0
    fi
    free=$((free))
    if [ -z "$least" ] || [ "$free" -lt "$least" ]; then
      least="$free" least_place="$place"
    fi
    # dpkg cannot write there either, and would leave every package of the run half-installed
    if ! is_writable "$place"; then
      read_only "$place"
      gate_failed space "$reason" "$remedy"
      return 0
    fi
  done
  if [ -n "$belay_free_space" ] && [ "$least" -lt "$belay_free_space" ]; then
    gate_failed space "$(size "$least") free on $least_place, needs $(size "$belay_free_space")" \
      "free $(size "$((belay_free_space - least))") on $least_place"
    return 0
  fi
  space_for_snapshot
}

# is_writable DIRECTORY: asks the file system, since root may always write as far as modes go
is_writable() {
  local options
  options="$(findmnt -n -o OPTIONS --target "$1" 2>/dev/null)" || return 0
  case ",$options," in
    *,ro,*) return 1 ;;
  esac
}

# space_for_snapshot: the copy, and what a return builds beside the original
space_for_snapshot() {
  local measured needed free inodes aside
  if ! measure_snapshot; then
    gate_failed space "$reason" 'change what the release description saves, or the host'
    return 0
  fi
  free="$(df --output=avail -B1 -- "$tx" | tail -n 1)"
  inodes="$(df --output=iavail -- "$tx" | tail -n 1)"
  aside=$(size_aside)
  [ "$aside" -le "$measured" ] || measured=$aside
  needed=$((measured + belay_reserve))
  if [ "$((free))" -lt "$needed" ]; then
    gate_failed space "$(size "$((free))") free for the snapshot, needs $(size "$needed")" \
      "free $(size "$((needed - free))") on the file system of $state"
  elif [ "${inodes##* }" != - ] && [ "$((inodes))" -lt 1000 ] && [ "$((inodes))" -gt 0 ]; then
    gate_failed space "$((inodes)) inodes free on the file system of $state, needs 1000" "remove files there"
  else
    gate_ok space "$(size "$((free))") free"
  fi
}
