# The snapshot of the declared paths: tar archives, so that one stream carries everything a file has (ACL, attributes, capabilities,
# links, holes), one sum proves it, and no name or mode of theirs exists in our directory.
# The first pass runs while the services run; the final pass adds what changed since.

# snapshot_copy_first
snapshot_copy_first() {
  local n=1 path restore_when copy max_size exclude real root start kind bytes entries place
  mkdir -p "$tx/snapshot/paths" || {
    reason="cannot write to '$tx'"
    return 1
  }
  # the names that dpkg will change; their old content is what this pass has
  { dpkg-query -L "$belay_package" 2>/dev/null || :; } | grep '^/' >"$tx/snapshot/packaged"
  while [ "$n" -le "$belay_paths" ]; do
    "path_$n"
    place="$tx/snapshot/paths/$n"
    if [ "$copy" = copy ]; then copy_path_first || return 1; fi
    n=$((n + 1))
  done
}

copy_path_first() {
  locate_path || return 1
  rm -rf "$place"
  mkdir "$place" || {
    reason="cannot write to '$tx'"
    return 1
  }
  bytes=0 entries=0
  if [ "$kind" != absent ]; then
    # Pages mapped by a service become clean: only then does its next write to them change the ctime that the final pass looks at.
    sync -f "$real" || :
    date +%s >"$place/began"
    list_tree >"$place/records" || return 1
    check_list "$place/records" || return 1
    report_skipped
    names <"$place/records" >"$place/first.names"
    pack first || return 1
  fi
  write_manifest first
}

# report_skipped: what the snapshot leaves out by its nature
report_skipped() {
  local sockets
  [ "$kind" = dir ] || return 0
  sockets="$(find -P "$root/" -xdev -type s -printf x 2>/dev/null | wc -c)"
  [ "$sockets" -eq 0 ] || note "$path: $sockets sockets are not copied; their service makes them anew"
}

# pack PASS: writes PASS.tar from PASS.names, makes it durable, reads it back from the disk
pack() {
  local status sum_read sum_written reader archive="$place/$1.tar"
  rm -f "$place/stream"
  mkfifo "$place/stream" || {
    reason="cannot write to '$tx'"
    return 1
  }
  sha256sum <"$place/stream" >"$place/stream.sum" &
  reader=$!
  {
    status=0
    tar --directory="$root/" --create --file=- --format=posix --no-recursion --null --verbatim-files-from \
      --files-from="$place/$1.names" --sparse --acls --xattrs '--xattrs-include=*' --numeric-owner \
      --pax-option='exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime' 2>"$place/tar.errors" || status=$?
    echo "$status" >"$place/tar.status"
  } | tee "$place/stream" >"$archive" 2>>"$place/tar.errors" || echo "$archive: cannot be written" >>"$place/tar.errors"
  wait "$reader" || : # a missing sum does not match
  read -r sum_read _ <"$place/stream.sum" || sum_read=''
  read -r status <"$place/tar.status" || status=2
  # a full disk also has no room for the message
  if is_full "$place"; then
    reason="cannot save '$path': no space left in $tx"
    return 1
  fi
  tolerate_vanished "$place/tar.errors" || return 1
  if [ "$status" -gt 2 ]; then
    reason="cannot save '$path': tar ended with status $status"
    return 1
  fi
  if ! sync "$archive"; then
    reason="cannot save '$path': '$archive' cannot be written"
    return 1
  fi
  # without this the page cache would answer, not the disk
  dd if="$archive" iflag=nocache count=0 status=none || :
  sum_written="$(sha256sum <"$archive")"
  if [ -z "$sum_read" ] || [ "${sum_written%% *}" != "$sum_read" ]; then
    reason="cannot save '$path': what was read back differs from what was written"
    return 1
  fi
  printf '%s  %s\n' "$sum_read" "$1.tar" >"$place/$1.sum"
  rm -f "$place/stream" "$place/stream.sum" "$place/tar.status" "$place/tar.errors"
}

# is_full DIRECTORY: no room for what was just written there
is_full() {
  [ "$(df --output=avail -B1024 -- "$1" | tail -n 1)" -lt 8 ]
}

# write_manifest PASS: last, because a copy without a complete manifest does not exist
write_manifest() {
  local sums="$place/manifest.new"
  {
    printf 'belay-snapshot 1\npass %s\nkind %s\npath %s\nreal %s\nentries %s\nbytes %s\n' \
      "$1" "$kind" "$path" "$real" "$entries" "$bytes"
    if [ "$kind" != absent ]; then sed 's/^/sha256 /' "$place/first.sum"; fi
    if [ "$1" = final ] && [ -e "$place/final.sum" ]; then sed 's/^/sha256 /' "$place/final.sum"; fi
    echo complete
  } >"$sums" && sync "$sums" && mv "$sums" "$place/manifest" && sync "$place" "$tx/snapshot/paths" && return 0
  reason="cannot save '$path': cannot write its manifest"
  return 1
}

# manifest KEY DIRECTORY: a value of a complete manifest
manifest() {
  [ "$(tail -n 1 "$2/manifest" 2>/dev/null)" = complete ] || return 1
  sed -n "s/^$1 //p" "$2/manifest"
}
