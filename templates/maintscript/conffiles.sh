# The old version's own conffiles, exactly as they were: whatever --force-conf* the run was given, and whatever dpkg leaves
# beside them, a return ends with the administrator's text (catalogue 0.8, faults 26 to 31).

save_conffiles() {
  local path sum flag
  [ -n "$old_version" ] || return 0
  mkdir -p "$tx/conffiles" || { reason="cannot write $tx"; return 1; }
  dpkg-query -W -f '${Conffiles}\n' "$belay_package" >"$tx/conffiles.list" || { reason='dpkg does not list its conffiles'; return 1; }
  true >"$tx/conffiles-before"
  true >"$tx/conffiles-beside"
  while read -r path sum flag; do
    [ -n "$path" ] || continue
    printf '%s\n' "$path" >>"$tx/conffiles-before"
    if [ -f "$path" ] && [ ! -L "$path" ]; then
      mkdir -p "$tx/conffiles${path%/*}" && cp -a "$path" "$tx/conffiles$path" && cmp -s "$path" "$tx/conffiles$path" && sync "$tx/conffiles$path" ||
        { reason="cannot copy $path"; return 1; }
    fi
    for flag in dpkg-old dpkg-dist dpkg-new; do
      [ ! -e "$path.$flag" ] || printf '%s\n' "$path.$flag" >>"$tx/conffiles-beside"
    done
  done <"$tx/conffiles.list"
  sync "$tx/conffiles-before" "$tx/conffiles-beside"
}

# aside_file PATH: moves one file out of the way into $tx/aside (a sibling in cron.d or sudoers.d would stay live).
aside_file() {
  mkdir -p "$tx/aside${1%/*}" && cp -a "$1" "$tx/aside$1" && sync "$tx/aside$1" && rm -f "$1" || { reason="cannot set $1 aside"; return 1; }
  note "set aside $1"
}

same_file() {
  local both
  cmp -s "$1" "$2" && both=$(stat -c '%u %g %a' "$1" "$2") && [ "${both%%"$newline"*}" = "${both#*"$newline"}" ]
}

restore_conffiles() {
  local path flag saved
  [ -n "$old_version" ] && [ -f "$tx/conffiles-before" ] || return 0
  while IFS= read -r path; do
    saved="$tx/conffiles$path"
    if [ -f "$saved" ] && { [ ! -f "$path" ] || ! same_file "$saved" "$path"; }; then
      [ ! -f "$path" ] || aside_file "$path" || return 1
      cp -a "$saved" "$path.belay-new" && sync "$path.belay-new" && mv -T "$path.belay-new" "$path" || { reason="cannot put $path back"; return 1; }
    elif [ ! -f "$saved" ] && [ -f "$path" ]; then
      aside_file "$path" || return 1
    fi
    for flag in dpkg-old dpkg-dist dpkg-new; do
      if [ -e "$path.$flag" ] && ! grep -qxF "$path.$flag" "$tx/conffiles-beside"; then aside_file "$path.$flag" || return 1; fi
    done
  done <"$tx/conffiles-before"
}
