# Exchanges what is at a path for what was built beside it. The current state first goes into build/old, where its owner cannot reach
# it while we look into it, then what the description excludes goes along, and last it gets the name under which it is kept.

swap_path() {
  local saved newcomer=''
  saved="$(saved_path)"
  if "$inside"; then
    swap_children || return 1
  else
    # The mark says restored and the saved one is gone: it has its name already, and what is there now is it.
    if [ "$(cat "$build/ready")" = absent ] || [ -e "$saved" ]; then
      move_current_away || return 1
      carry_excluded || return 1
      if [ -e "$saved" ] && ! { mv -T -- "$saved" "$real" && sync "$parent"; }; then
        reason="cannot put '$real' in its place; it is complete in '$saved'"
        return 1
      fi
    fi
  fi
  name_aside
}

# move_current_away: what an interrupted attempt already moved stays; what somebody made since is kept as well
move_current_away() {
  [ -e "$real" ] || [ -L "$real" ] || return 0
  if [ -e "$build/old" ] || [ -L "$build/old" ]; then
    name_aside || return 1
  fi
  if ! mv -T -- "$real" "$build/old" || ! sync "$parent" "$build"; then
    reason="cannot set '$real' aside"
    return 1
  fi
}

swap_children() {
  if [ ! -e "$build/moved" ]; then
    if ! { [ -d "$build/old" ] || mkdir -m 0700 "$build/old"; } || ! move_children "$real" "$build/old" ||
      ! sync "$build/old" "$real" || ! true >"$build/moved" || ! sync "$build"; then
      reason="cannot set the content of '$real' aside"
      return 1
    fi
  fi
  carry_excluded || return 1
  if ! move_children "$build/tree" "$real" || ! copy_top_metadata || ! sync "$real"; then
    reason="cannot put the content of '$real' in its place; it is in '$build/tree' and '$build/old'"
    return 1
  fi
}

# move_children FROM TO: all but our own directories and what is excluded, which stays where it is
move_children() {
  (cd "$1" && find_excluded 1) >"$build/stays" || return 1
  (cd "$1" && find -P . -mindepth 1 -maxdepth 1 ! -name '.belay-*' -print0) | LC_ALL=C sort -z |
    LC_ALL=C comm -z -23 - "$build/stays" >"$build/moves" || return 1
  (cd "$1" && xargs -0 -r mv -t "$2" -- <"$build/moves")
}

# copy_top_metadata: owner, mode, attributes and times of the directory whose children were moved
copy_top_metadata() {
  tar --directory="$build/tree" --create --file=- --format=posix --no-recursion --acls --xattrs '--xattrs-include=*' \
    --numeric-owner . | tar --directory="$real" --extract --file=- --preserve-permissions --same-owner --numeric-owner \
    --acls --xattrs '--xattrs-include=*'
}

# find_excluded [DEPTH]: what is excluded below the current directory, sorted
find_excluded() {
  local IFS='
' pattern depth="${1:-100000}"
  set -- -false
  set -f
  for pattern in $exclude; do
    case "$pattern" in
      */*)
        pattern="${pattern#/}"
        set -- "$@" -o -path "./${pattern%/}"
        ;;
      *) set -- "$@" -o -name "$pattern" ;;
    esac
  done
  find -P . -mindepth 1 -maxdepth "$depth" \( "$@" \) -prune -print0 | LC_ALL=C sort -z
  set +f
}

# carry_excluded: what the snapshot does not hold is not touched by restoring it: it goes from the old tree into the new
carry_excluded() {
  [ -n "$exclude" ] && [ -d "$build/old" ] && [ -d "$build/tree" ] || return 0
  # Each is moved from inside its directory, which is compared with where it must be: a link planted meanwhile leads nowhere.
  # shellcheck disable=SC2016
  if ! (cd "$build/old" && find_excluded | xargs -0 -r sh -c '
    old="$1" tree="$2"
    shift 2
    for name; do
      directory="${name%/*}"
      [ -d "$tree/$directory" ] && [ ! -e "$tree/$name" ] || continue
      cd "$old/$directory" || exit 1
      [ "$(pwd -P)" = "$(cd "$old" && pwd -P)${directory#.}" ] || continue
      mv -T -- "./${name##*/}" "$tree/$name" || exit 1
    done' sh "$build/old" "$build/tree"); then
    reason="cannot keep what is excluded in '$real'"
    return 1
  fi
}

# name_aside: gives build/old its name. A file goes to our own directory: beside, in cron.d or sites-enabled, it would be live.
name_aside() {
  local try=1 name
  name="$parent$base.belay-$seq"
  if "$inside"; then name="$real/.belay-$seq"; fi
  if [ ! -d "$build/old" ] || [ -L "$build/old" ]; then
    name="$tx/aside/$number/$base"
  fi
  if [ ! -e "$build/old" ] && [ ! -L "$build/old" ]; then
    if [ -e "$name" ]; then aside="$name"; fi
    return 0
  fi
  aside="$name"
  while [ -e "$aside" ] || [ -L "$aside" ]; do
    try=$((try + 1))
    aside="$name.$try"
  done
  if ! mkdir -p "${aside%/*}" || ! mv -T -- "$build/old" "$aside" || ! sync "${aside%/*}" "$build"; then
    reason="cannot give what was set aside its name '$aside'"
    return 1
  fi
}

# holds_mounts: whether real is a mount point or has one inside
# shellcheck disable=SC2016
holds_mounts() {
  perl -e 'open my $table, "<", "/proc/self/mountinfo" or exit 1;
    while (<$table>) { my $point = (split / /)[4]; $point =~ s/\\([0-7]{3})/chr oct $1/ge;
      exit 0 if $point eq $ARGV[0] || index($point, "$ARGV[0]/") == 0 }
    exit 1' "$real"
}
