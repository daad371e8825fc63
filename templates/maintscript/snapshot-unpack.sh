# Unpacks a saved path into a directory of ours and compares it with what is there.

# unpack_snapshot DIRECTORY: makes DIRECTORY/tree from the archives, and reads it back
unpack_snapshot() {
  local tree="$1/tree" errors="$tx/unpack.errors" line
  # tar takes one name a line; a name with a newline in it is compared, however long that takes
  if cat "$place/records" "$place/records.final" 2>/dev/null | mostly_holes name | grep -azvP '\n' | tr '\000' '\n' >"$tx/holes" &&
    mkdir "$tree" && unpack_archive first && remove_gone && { [ ! -e "$place/final.tar" ] || unpack_archive final; }; then
    rm -f "$errors" "$tx/holes"
    return 0
  fi
  line="$(grep -av 'Exiting with failure status' "$errors" | head -n 1 | tr -d '\000-\037\177')"
  # a full disk also has no room for the message
  if is_full "$1"; then line="no space left in ${1%/*}"; fi
  reason="cannot restore '$path': ${line:-the archive cannot be unpacked}"
  return 1
}

# remove_gone: what the first pass has and the final one has not
remove_gone() {
  [ -e "$place/gone" ] || return 0
  if [ "$(sha256sum <"$place/gone")" != "$(recorded_sum gone)  -" ]; then
    echo 'the snapshot is damaged' >"$errors"
    return 1
  fi
  (cd "$tree" && xargs -0 -r rm -df -- <"$place/gone") 2>"$errors"
}

# mostly_holes FIELD...: of the records of files with more than a gigabyte of nothing, which reading would take hours
# shellcheck disable=SC2016
mostly_holes() {
  perl -0 -e 'my %at = (size => 2, mtime => 7, name => 9); my @wanted = @at{@ARGV};
    while (<STDIN>) { chomp; my @field = split / /, $_, 10;
      print join(" ", @field[@wanted]), "\0" if $field[2] - 512 * $field[8] > 1 << 30 }' "$@" | LC_ALL=C sort -zu
}

# unpack_archive PASS: each file is written new, so nothing is written through a link; directory modes come last. The archive is verified
# while it is read; what came of it is compared with it.
unpack_archive() {
  local reader sum='' status=0
  rm -f "$tx/stream"
  mkfifo "$tx/stream" || return 1
  sha256sum <"$tx/stream" >"$tx/stream.sum" &
  reader=$!
  tee "$tx/stream" <"$place/$1.tar" 2>"$errors.tee" |
    tar --directory="$tree" --extract --file=- --preserve-permissions --same-owner --numeric-owner \
      --delay-directory-restore --acls --xattrs '--xattrs-include=*' 2>"$errors" || status=$?
  wait "$reader" || return 1
  read -r sum _ <"$tx/stream.sum" || return 1
  rm -f "$tx/stream" "$tx/stream.sum" "$errors.tee"
  if [ "$sum" != "$(recorded_sum "$1.tar")" ]; then
    echo 'the snapshot is damaged' >"$errors"
    return 1
  fi
  [ "$status" -eq 0 ] && sync -f "$tree" &&
    tar --directory="$tree" --compare --file="$place/$1.tar" --numeric-owner \
      --anchored --no-wildcards --exclude-from="$tx/holes" >"$errors" 2>&1
}

# recorded_sum NAME: of a file of the snapshot, from its manifest
recorded_sum() {
  manifest sha256 "$place" | sed -n "s/  $1\$//p"
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
  # most differences show in the names and sizes: only if there are none must the content be read
  list_state "$root" >"$tx/tree.there" && list_state "$build/tree" >"$tx/tree.saved" || return 1
  cmp -s "$tx/tree.there" "$tx/tree.saved" || return 1
  rm -f "$tx/tree.there" "$tx/tree.saved"
  there="$(tree_sum "$root")" && saved="$(tree_sum "$build/tree")" || return 1
  [ "$there" = "$saved" ]
}

# list_state ROOT: type, mode, owner, group, size and name of everything below; a directory's size says nothing
list_state() {
  local root="$1"
  list_tree >"$tx/tree.records" &&
    LC_ALL=C sed -z 's/^\([^ ]*\) [^ ]* \([^ ]*\) [^ ]* \(\([^ ]* \)\{3\}\)[^ ]* [^ ]* /\1 \2 \3/; s/^d [0-9]* /d /' "$tx/tree.records" |
    LC_ALL=C sort -z
}

# tree_sum ROOT: one sum of names, modes, owners, attributes and content; of files that are mostly holes, of size and time instead
tree_sum() {
  local sum root="$1"
  list_tree >"$tx/tree.records" && mostly_holes name <"$tx/tree.records" >"$tx/tree.holes" &&
    names <"$tx/tree.records" | LC_ALL=C comm -z -23 - "$tx/tree.holes" >"$tx/tree.names" || return 1
  # Without --sparse: which zeros are holes differs between a file and its copy.
  sum="$({
    mostly_holes size mtime name <"$tx/tree.records"
    tar --directory="$1/" --create --file=- --format=posix --no-recursion --null --verbatim-files-from \
      --files-from="$tx/tree.names" --acls --xattrs '--xattrs-include=*' --numeric-owner --mtime=@0 \
      --pax-option='exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime' 2>/dev/null
  } | sha256sum)"
  rm -f "$tx/tree.records" "$tx/tree.names" "$tx/tree.holes"
  echo "${sum%% *}"
}
