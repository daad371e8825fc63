# What is at a declared path: where it really is, what it holds, how much. Names are separated by NUL everywhere.

# locate_path: from path, sets real, kind (dir, file, absent), and root and start, between which every name is relative
locate_path() {
  real="$(readlink -m -- "$path")" || real=''
  root="$real" start=. kind=dir
  if [ "$real" != "$(printf '%s' "$real" | tr -d '\000-\037\177')" ] || [ "${real#/}" = "$real" ] || [ "$real" = / ]; then
    reason="'$path' cannot be saved: it leads to '$real'"
    return 1
  fi
  case "$state/" in
    "$real"/*)
      reason="'$path' cannot be saved: $state is inside"
      return 1
      ;;
  esac
  [ ! -d "$real" ] || return 0
  root="${real%/*}" start="./${real##*/}" kind=file
  if [ ! -e "$real" ]; then
    kind=absent
  elif [ ! -f "$real" ]; then
    reason="'$path' is neither a directory nor a file"
    return 1
  fi
}

# list_tree: the records (type, ctime, size, inode, mode, owner, group, mtime, blocks, name) below root, sorted, without sockets
list_tree() {
  local IFS='
' pattern
  set --
  # a mount point is moved aside into this directory of its own
  [ "$kind" != dir ] || set -- -path './.belay-[0-9]*' -prune -o
  set -f
  for pattern in $exclude; do
    case "$pattern" in
      */*)
        pattern="${pattern#/}"
        set -- "$@" -path "./${pattern%/}" -prune -o
        ;;
      *) set -- "$@" -name "$pattern" -prune -o ;;
    esac
  done
  set +f
  (
    cd "$root/" &&
      find -P "$start" -xdev "$@" ! -type s -printf '%y %C@ %s %i %m %U %G %T@ %b %p\0'
  ) 2>"$tx/list.errors" >"$tx/list.unsorted" || tolerate_vanished "$tx/list.errors" || return 1
  if ! LC_ALL=C sort -z "$tx/list.unsorted" || ! rm -f "$tx/list.unsorted" "$tx/list.errors"; then
    reason="cannot list '$path': no space for the list"
    return 1
  fi
}

# tolerate_vanished ERRORS: whether all that went wrong is that files of a running service went away or changed
tolerate_vanished() {
  local line
  line="$(grep -av -e 'No such file or directory$' -e 'File removed before we read it$' \
    -e 'file changed as we read it$' -e 'File shrank by [0-9]* bytes' -e ': socket ignored$' \
    -e 'Exiting with failure status due to previous errors$' "$1" | tr -d '\000-\011\013-\037\177' | head -n 1)"
  [ -n "$line" ] || return 0
  reason="cannot save '$path': $line"
  return 1
}

# names: from records, the names alone, sorted
names() {
  LC_ALL=C sed -z 's/^\([^ ]* \)\{9\}//' | LC_ALL=C sort -z
}

# check_list RECORDS: nothing mounted inside, not larger than allowed; sets bytes and entries
check_list() {
  local inside
  if ! inside="$(names <"$1" | mounted_inside)"; then
    reason="'$path' cannot be saved: $real/$inside is a mount of its own; exclude it or declare it as a path"
    return 1
  fi
  entries="$(tr -cd '\000' <"$1" | wc -c)"
  bytes="$(allocated <"$1")" || bytes=0
  if [ -n "$max_size" ] && [ "$bytes" -gt "$max_size" ]; then
    reason="'$path' has $(size "$bytes"), max_size is $(size "$max_size")"
    return 1
  fi
}

# allocated: the bytes on disk of the listed files, hard links once; blocks of 512 bytes
allocated() {
  LC_ALL=C sed -z 's/^\([^ ]*\) [^ ]* [^ ]* \([^ ]*\) \([^ ]* \)\{4\}\([^ ]*\) .*/\2 \4/' | tr '\000' '\n' |
    LC_ALL=C sort -u | perl -ne '/ (\d+)$/ and $sum += $1; END { printf "%d\n", $sum * 512 }'
}

# mounted_inside: of the names on standard input, prints the first that is a mount point, and fails then. One that is excluded may stay
# if it is directly below the path, where a return can go around it.
# shellcheck disable=SC2016
mounted_inside() {
  perl -0 -e 'my ($real) = @ARGV; my %mounted; open my $table, "<", "/proc/self/mountinfo" or exit 0;
    { local $/ = "\n"; while (<$table>) { my $point = (split / /)[4]; $point =~ s/\\([0-7]{3})/chr oct $1/ge;
      $mounted{substr $point, 1 + length $real} = 1 if index($point, "$real/") == 0 } }
    sub refuse { my $name = shift; $name =~ s/[\x00-\x1f\x7f]/?/g; print $name; exit 1 }
    m{/} and refuse($_) for sort keys %mounted;
    while (<STDIN>) { chomp; s{^\./}{}; refuse($_) if $mounted{$_} }' "$real"
}
