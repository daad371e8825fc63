# Puts one declared path back: built beside, verified, then swapped by renaming. Nothing is deleted: what is there now is set aside.
# Every step can be repeated: what was done is read from the disk.

# snapshot_restore N SEQ: sets restored to what was done; $tx/restored gets one line a path
snapshot_restore() {
  local path restore_when copy max_size exclude real root start kind bytes entries
  local place="$tx/snapshot/paths/$1" number="$1" seq="${2#belay-}" recorded_kind parent base build aside='' inside=false
  "path_$1"
  if ! recorded_kind="$(manifest kind "$place")"; then
    reason="the snapshot of '$path' is not complete"
    return 1
  fi
  real="$(readlink -m -- "$path")" || real=''
  if [ "$real" != "$(manifest real "$place")" ]; then
    reason="'$path' led to $(manifest real "$place") when it was saved, and leads to $real now"
    return 1
  fi
  parent="${real%/*}/" base="${real##*/}"
  build="$parent.belay-$seq-$number"
  if [ "$recorded_kind" = dir ] && [ -d "$real" ] && holds_mounts; then
    # a mount point cannot be renamed: its children are
    inside=true build="$real/.belay-$seq-$number"
  fi
  if restored="$(grep -s "^$number	" "$tx/restored")"; then
    restored="${restored#*	}"
    remove_build
    return $?
  fi
  if [ "$(find "$parent" -maxdepth 0 2>/dev/null)" = '' ]; then
    if [ "$recorded_kind" = absent ]; then
      record_restored unchanged
      return $?
    fi
    (umask 022 && mkdir -p "$parent") || {
      reason="cannot make '$parent'"
      return 1
    }
  fi
  build_beside || return 1
  if [ "$(cat "$build/ready")" != unchanged ]; then
    swap_path || return 1
  fi
  record_restored "$(cat "$build/ready")${aside:+, $aside}" && remove_build
}

# build_beside: makes build, with the saved state in build/tree and the mark build/ready; nobody else can enter build
build_beside() {
  local mark=restored
  if is_ours "$build" && [ -e "$build/ready" ]; then return 0; fi
  if ! rm -rf "$build" || ! mkdir -m 0700 "$build" || ! is_ours "$build"; then
    reason="cannot make '$build'"
    return 1
  fi
  if [ "$recorded_kind" != absent ] && ! unpack_snapshot "$build"; then
    rm -rf "$build"
    return 1
  fi
  if is_unchanged; then
    mark=unchanged
  elif [ "$recorded_kind" = absent ] || ! [ -e "$(saved_path)" ]; then
    mark=absent
  fi
  if sync -f "$build" && printf '%s\n' "$mark" >"$build/ready.new" && sync "$build/ready.new" &&
    mv "$build/ready.new" "$build/ready" && sync "$build"; then
    return 0
  fi
  reason="cannot write to '$build'"
  return 1
}

# is_ours DIRECTORY: a directory of root that nobody else can enter, and no link to one
is_ours() {
  [ ! -L "$1" ] && [ "$(stat -c '%F %u %a' -- "$1" 2>/dev/null)" = 'directory 0 700' ]
}

saved_path() {
  if [ "$recorded_kind" = file ]; then echo "$build/tree/$base"; else echo "$build/tree"; fi
}

# record_restored WHAT
record_restored() {
  restored="$1"
  if ! printf '%s\t%s\n' "$number" "$1" >>"$tx/restored" || ! sync "$tx/restored"; then
    reason="cannot write to '$tx'"
    return 1
  fi
}

remove_build() {
  # never what was set aside but has not got its name yet
  if [ -e "$build/old" ] || ! rm -rf "$build"; then
    reason="cannot remove '$build'"
    return 1
  fi
}
