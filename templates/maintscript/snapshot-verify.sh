# Whether the snapshot is still what was verified when it was made, and how much room it needs.

# snapshot_verify [N]: reads every archive again
snapshot_verify() {
  local n=1 path restore_when copy max_size exclude
  while [ "$n" -le "$belay_paths" ]; do
    "path_$n"
    if [ "$copy" = copy ] && [ "${1:-$n}" = "$n" ]; then
      verify_path "$tx/snapshot/paths/$n" || return 1
    fi
    n=$((n + 1))
  done
}

verify_path() {
  local kind
  if ! kind="$(manifest kind "$1")"; then
    reason="the snapshot of '$path' is not complete"
    return 1
  fi
  [ "$kind" != absent ] || return 0
  if ! manifest sha256 "$1" >"$1/sums" || ! (cd "$1" && sha256sum --check --strict --status sums); then
    reason="the snapshot of '$path' is damaged"
    return 1
  fi
  rm -f "$1/sums"
}

# measure_snapshot: sets measured to what the copy, and the same again built beside the original by a return, need at most;
# what is set aside is renamed and needs no room of its own
measure_snapshot() {
  local n=1 path restore_when copy max_size exclude real root start kind bytes entries
  measured=0
  while [ "$n" -le "$belay_paths" ]; do
    "path_$n"
    if [ "$copy" = copy ]; then
      locate_path || return 1
      if [ "$kind" != absent ]; then
        list_tree >"$tx/measured" || return 1
        check_list "$tx/measured" || return 1
        # the archive has 1 kB to 2 kB of header for every entry
        measured=$((measured + 2 * bytes + 2048 * entries))
      fi
    fi
    n=$((n + 1))
  done
  rm -f "$tx/measured"
}
