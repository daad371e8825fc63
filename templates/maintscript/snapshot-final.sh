# The final pass: after the services stopped, what changed since the first pass is copied again.

# snapshot_copy_final
snapshot_copy_final() {
  local n=1 path restore_when copy max_size exclude real root start kind bytes entries place
  while [ "$n" -le "$belay_paths" ]; do
    "path_$n"
    place="$tx/snapshot/paths/$n"
    if [ "$copy" = copy ]; then copy_path_final || return 1; fi
    n=$((n + 1))
  done
}

copy_path_final() {
  local kind_first tries=1
  locate_path || return 1
  if ! kind_first="$(manifest kind "$place")" || [ "$(manifest real "$place")" != "$real" ]; then
    reason="'$path' has no first copy, or leads elsewhere since"
    return 1
  fi
  case "$kind_first:$kind" in
    absent:*)
      # what is there now was not there before; a return sets it aside
      kind=absent bytes=0 entries=0
      write_manifest final
      return $?
      ;;
    dir:absent)
      # dpkg removes a directory that only the old version shipped; the first copy is what a return puts back
      note "$path went away since the first copy, which is kept"
      kind=dir bytes="$(manifest bytes "$place")" entries="$(manifest entries "$place")"
      write_manifest final
      return $?
      ;;
    dir:file | file:dir)
      reason="'$path' was a $kind_first and is a $kind now"
      return 1
      ;;
  esac
  kind="$kind_first"
  while :; do
    copy_changes || return 1
    list_tree >"$place/records.after" || return 1
    if cmp -s "$place/records.final" "$place/records.after"; then break; fi
    if [ "$tries" -ge 3 ]; then
      reason="'$path' keeps changing while it is copied: $(first_change)"
      return 1
    fi
    tries=$((tries + 1))
  done
  rm -f "$place/records.after" "$place"/*.part
  write_manifest final
}

# copy_changes: packs what differs from the first pass, and lists what is gone
copy_changes() {
  local began
  read -r began <"$place/began" || began=0
  list_tree >"$place/records.final" || return 1
  check_list "$place/records.final" || return 1
  packaged_names >"$place/packaged.part"
  {
    LC_ALL=C comm -z -13 "$place/records" "$place/records.final"
    # a directory's times change when the other files are put into it
    grep -az '^d ' "$place/records.final" || :
    # written in the same tick of the clock as it was read: its record may look unchanged
    BEGAN="$((began - 1))" perl -0 -ne 'print if (split / /)[1] >= $ENV{BEGAN}' "$place/records.final"
  } | names | LC_ALL=C sort -zu | LC_ALL=C comm -z -23 - "$place/packaged.part" >"$place/final.names"
  # the type belongs to the key: a directory that became a file must go first
  typed_names <"$place/records" >"$place/first.part"
  typed_names <"$place/records.final" >"$place/final.part"
  LC_ALL=C comm -z -23 "$place/first.part" "$place/final.part" | LC_ALL=C sed -z 's/^. //' | LC_ALL=C sort -zu |
    LC_ALL=C comm -z -23 - "$place/packaged.part" | LC_ALL=C sort -zr >"$place/gone"
  pack final || return 1
  printf '%s  gone\n' "$(sha256sum <"$place/gone" | cut -d ' ' -f 1)" >>"$place/final.sum"
  sync "$place/gone"
}

typed_names() {
  LC_ALL=C sed -z 's/^\([^ ]*\) \([^ ]* \)\{8\}/\1 /' | LC_ALL=C sort -z
}

# packaged_names: files below root that dpkg put there or moved, in either version; the first pass has them as they were before it
packaged_names() {
  local name
  { grep -az '^d ' "$place/records" "$place/records.final" -h || :; } | names | LC_ALL=C sort -zu >"$place/directories.part"
  {
    cat "$tx/snapshot/packaged"
    dpkg-query -L "$belay_package" 2>/dev/null || :
  } | { grep '^/' || :; } | sort -u | while IFS= read -r name; do
    case "$name" in
      "$path" | "$real") [ "$kind" != file ] || printf '%s\0' "$start" ;;
      "${path%/}"/*) printf './%s\0' "${name#"${path%/}"/}" ;;
      "$real"/*) printf './%s\0' "${name#"$real"/}" ;;
    esac
  done >"$place/listed.part"
  {
    LC_ALL=C sort -zu "$place/listed.part" |
      LC_ALL=C comm -z -23 - "$place/directories.part"
    names <"$place/records.final" | grep -azE '\.dpkg-(new|old|dist|tmp)$' || :
  } | LC_ALL=C sort -zu
}

first_change() {
  LC_ALL=C comm -z -3 "$place/records.final" "$place/records.after" | tr -d '\t' | names | head -z -n 1 | tr -c '[:print:]' '?'
}
