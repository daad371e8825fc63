# What is no failure of the return but of the moment: a machine that goes down, a disk without room. The return waits and goes on; a
# step of it that fails for any other reason strands it.

# 0: the return cannot go on now; said, and postponed says why.
postpone() {
  postponed=''
  if going_down; then
    postponed='the system is stopping: the next boot goes on'
  elif no_room; then
    postponed="$no_room_in is full: the return goes on as soon as there is room"
  else
    return 1
  fi
  say "WAITS. $1${1:+; }$postponed"
  write_status known
}

# 0: the machine is being shut down. Between the last word of systemd and the first of systemd-shutdown nobody answers (T), so it is
# asked again; a manager that does not answer at all is no shutdown (system_is_stopping is the careful one).
going_down() {
  local name='' tries=0
  [ -d /run/systemd/system ] || return 1
  while [ "$tries" -lt 20 ]; do
    read -r name </proc/1/comm || :
    case $name in
    systemd-shutdow*) return 0 ;;
    esac
    case $(timeout 10 systemctl is-system-running 2>/dev/null) in
    stopping) return 0 ;;
    running | degraded | starting | initializing | maintenance) return 1 ;;
    esac
    tries=$((tries + 1))
    sleep 0.1
  done
  return 1
}

# 0: one of the file systems that a return writes to is full; sets no_room_in. What failed has given back what it had written, so
# "full" is less than prepare held for dpkg and apt where they and we write, and next to nothing elsewhere.
no_room() {
  local n=1 path restore_when copy max_size exclude
  set -- /etc /usr
  while [ "$n" -le "$belay_paths" ]; do
    "path_$n"
    if [ "$copy" = copy ] && [ -e "$path" ]; then set -- "$@" "$path"; fi
    n=$((n + 1))
  done
  no_room_in=$(less_room_than 16777216 256 "$state" /var/lib/dpkg)
  [ -n "$no_room_in" ] || no_room_in=$(less_room_than 1048576 16 "$@")
  # More than that and still not enough: what failed has said so.
  [ -n "$no_room_in" ] || ! ran_out_of_room || no_room_in=$(less_room_than "${room_needed:-$(room_of_return)}" 256 "$state" /usr)
  [ -n "$no_room_in" ]
}

# In the log, where a return goes on: what failed before that failed for want of the room that there is now.
goes_on_words='the return goes on from where it was'

# 0: among the last words of what the return called, in this try of it, is that it had no room.
ran_out_of_room() {
  local line full=1
  [ -n "$tx" ] && [ -r "$tx/log" ] || return 1
  while read -r line; do
    case $line in
    *" $goes_on_words") full=1 ;;
    *'No space left on device'* | *'have enough free space'*) full=0 ;;
    esac
  done <<EOF
$(tail -n 40 "$tx/log")
EOF
  return "$full"
}

# Prints the bytes that what is still to be put back takes beside what is there, at most.
room_of_return() {
  local deb size room=16777216
  if ! finished package; then
    for deb in "$tx"/wayback/*.deb; do
      size=$(dpkg-deb -f "$deb" Installed-Size 2>/dev/null) || size='' # damaged: the return says so
      case $size in
      '' | *[!0-9]*) ;;
      *) room=$((room + size * 1024)) ;;
      esac
    done
  fi
  if ! finished data && size=$(du -sk "$tx/snapshot" 2>/dev/null); then room=$((room + ${size%%"$tab"*} * 1024)); fi
  echo "$room"
}

# less_room_than BYTES INODES PLACE...: prints the first place that has less.
less_room_than() {
  local bytes="$1" files="$2" place blocks free available size inodes inodes_free
  shift 2
  stat -f -c '%b %f %a %S %c %d %n' "$@" 2>/dev/null | while read -r blocks free available size inodes inodes_free place; do
    # One that knows nothing of sizes (fuse), and one that is read-only: nothing will ever be free there, so that is not what is missing.
    # (env: a shell of its own mind says of any file that root may write it.)
    [ "$blocks" -gt 0 ] && env test -w "$place" || continue
    # Root may use what is kept from users, but for the 16 MiB that ext4 keeps from everybody.
    [ "$available" = "$free" ] || [ $((available * size)) -ge "$bytes" ] || available=$((free - 16777216 / size))
    # A file system that makes inodes as it needs them says that it has none at all.
    if [ $((available * size)) -lt "$bytes" ] || { [ "$inodes" -gt 0 ] && [ "$inodes_free" -lt "$files" ]; }; then
      printf '%s' "$place"
      break
    fi
  done
}

# Set while it waits: du over a large snapshot is no question for every few seconds.
room_needed=''

# Waits until there is room again. 1: the machine goes down, or nothing is open any more.
wait_for_room() {
  local pause=1 room_needed
  room_needed=$(room_of_return)
  while no_room; do
    if [ ! -L "$state/open" ] || going_down; then return 1; fi
    sleep "$pause"
    [ "$pause" -ge 10 ] || pause=$((pause + 1))
  done
  ! going_down
}

# What the release's own commands, deb-systemd-helper and apt-mark wrote is on disk before the journal says that it need not be
# done again. Only local file systems: a dead network mount must not hang us.
sync_file_systems() {
  local device place type rest seen=' '
  while read -r device place type rest; do
    case $type in
    ext[234] | xfs | btrfs | f2fs | zfs | bcachefs | overlay | jfs | vfat) ;;
    *) continue ;;
    esac
    case $seen in
    *" $device "*) continue ;;
    esac
    seen="$seen$device "
    sync -f "$(printf '%b' "$place")" || note "cannot sync $place"
  done </proc/self/mounts
}
