# Unpacks a saved path into a directory of ours and compares it with what is there.

# unpack_snapshot DIRECTORY: makes DIRECTORY/tree from the archives, and reads it back
unpack_snapshot() {
  local tree="$1/tree" errors="$1/errors"
  mostly_holes >"$1/holes"
  if ! mkdir "$tree" || ! unpack_archive first; then
    reason="cannot restore '$path': $(head -n 1 "$errors" | tr -d '\000-\037\177')"
    return 1
  fi
  if [ -e "$place/gone" ] && ! (cd "$tree" && xargs -0 -r rm -df -- <"$place/gone") 2>"$errors"; then
    reason="cannot restore '$path': $(head -n 1 "$errors" | tr -d '\000-\037\177')"
    return 1
  fi
  if [ -e "$place/final.tar" ] && ! unpack_archive final; then
    reason="cannot restore '$path': $(head -n 1 "$errors" | tr -d '\000-\037\177')"
    return 1
  fi
  rm -f "$errors" "$1/holes"
}

# mostly_holes: names of files with more than a gigabyte of nothing, which comparing would read for hours
mostly_holes() {
  # shellcheck disable=SC2016
  cat "$place/records" "$place/records.final" 2>/dev/null | perl -0 -ne 'chomp; my @field = split / /, $_, 10;
    print $field[9], "\n" if $field[2] - 512 * $field[8] > 1 << 30 && $field[9] !~ /\n/'
}

# unpack_archive PASS: each file is written new, so nothing is written through a link; directory modes come last
unpack_archive() {
  tar --directory="$tree" --extract --file="$place/$1.tar" --preserve-permissions --same-owner --numeric-owner \
    --delay-directory-restore --acls --xattrs '--xattrs-include=*' 2>"$errors" &&
    sync -f "$tree" &&
    tar --directory="$tree" --compare --file="$place/$1.tar" --numeric-owner \
      --anchored --no-wildcards --exclude-from="${tree%/*}/holes" >"$errors" 2>&1
}

# is_unchanged: whether what is there is what was saved; times are no difference, since dpkg's reinstallation changes them
is_unchanged() {
  local there saved
  if [ "$recorded_kind" = absent ]; then
    [ ! -e "$real" ] && [ ! -L "$real" ]
    return $?
  fi
  kind="$recorded_kind" root="$real" start=.
  if [ "$kind" = file ]; then root="${parent%/}" start="./$base"; fi
  [ -e "$real" ] && [ ! -L "$real" ] && [ -e "$(saved_path)" ] || return 1
  there="$(tree_sum "$root")" && saved="$(root="$build/tree" && tree_sum "$build/tree")" || return 1
  [ "$there" = "$saved" ]
}

# tree_sum ROOT: one sum of names, modes, owners, attributes and content
tree_sum() {
  local sum
  list_tree >"$tx/tree.records" && names <"$tx/tree.records" >"$tx/tree.names" || return 1
  sum="$(tar --directory="$1/" --create --file=- --format=posix --no-recursion --null --verbatim-files-from \
    --files-from="$tx/tree.names" --sparse --acls --xattrs '--xattrs-include=*' --numeric-owner --mtime=@0 \
    --pax-option='exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime' 2>/dev/null | sha256sum)"
  rm -f "$tx/tree.records" "$tx/tree.names"
  echo "${sum%% *}"
}
