# store=DIR: kept .debs lie in DIR/PACKAGE, on a disk that outlives /var perhaps; a transaction's own copies stay with it.

# Every directory of kept .debs, one a line: the site's own first, then those it had before, then ours.
kept_directories() {
  {
    [ -z "${policy_store-}" ] || printf '%s\n' "$policy_store/$belay_package"
    [ ! -f "$state/stores" ] || cat "$state/stores"
    printf '%s\n' "$state/kept"
  } | perl -ne 'print if !$seen{$_}++'
}

# Where the next one is kept: sets kept_in. Recorded first, because a purge has to find it.
choose_store() {
  kept_in="$state/kept"
  mkdir -p "$kept_in" || return 1
  read_policy || note "policy: $policy_wrong"
  [ -n "$policy_store" ] || return 0
  if grep -qxF "$policy_store/$belay_package" "$state/stores" 2>/dev/null || printf '%s\n' "$policy_store/$belay_package" >>"$state/stores"; then
    if sync "$state/stores" && mkdir -p -m 0700 "$policy_store/$belay_package"; then
      kept_in="$policy_store/$belay_package"
      return 0
    fi
  fi
  say "cannot write to the store $policy_store; the .deb is kept in $kept_in"
}

# forget_stores: at the purge nothing unowned remains there either.
forget_stores() {
  local directory
  [ -f "$state/stores" ] || return 0
  while IFS= read -r directory; do
    case $directory in
    /*/"$belay_package") rm -rf "$directory" ;;
    esac
  done <"$state/stores"
}
