# Where things are, and how a line reaches the person and the log.

# Rule 19: nothing of the caller's environment decides how text is parsed or where temporary files go (dpkg-deb fails where
# piuparts' TMPDIR is not there); PATH is only appended to (rule 9).
LC_ALL=C.UTF-8
export LC_ALL
unset IFS CDPATH ENV BASH_ENV POSIXLY_CORRECT TMPDIR
PATH="${PATH:+$PATH:}/usr/sbin:/usr/bin:/sbin:/bin"
export PATH
umask 077
tab='	'
newline='
'
state="/var/lib/belay/$belay_package"
run_file="/run/belay/$belay_package.json"
tx=''
reason=''
told=''
# Filled by load_transaction.
tx_state=''
old_version=''
new_version=''

note() {
  if [ -n "$tx" ] && [ -d "$tx" ]; then
    printf '%s %s\n' "$(date -u +%FT%T.%3NZ)" "$1" >>"$tx/log" || return 0 # a full disk must not stop a return
  fi
}

# The person may be gone (a closed terminal or pipe): a line that cannot be printed is not an error. told: told.sh.
speak() {
  printf '%s\n' "$1" >&2 || :
  [ -z "$told" ] || printf '%s\n' "$1" >>"$told" || told='' # a full disk
}

say() {
  speak "belay: $belay_package: $1"
  note "$1"
}

# A continuation line of a block, below its first line.
tell() {
  speak "  $1"
  note "  $1"
}

# either TEXT IF_ANY IF_EMPTY
either() {
  if [ -n "$1" ]; then printf '%s' "$2"; else printf '%s' "$3"; fi
}

# One line out of any text: newlines, tabs and other control characters become spaces.
one_line() {
  case $1 in
  *[[:cntrl:]]*) printf '%s' "$1" | LC_ALL=C tr '\000-\037\177' ' ' ;;
  *) printf '%s' "$1" ;;
  esac
}

# The state directory is trusted only as root's own, not writable by others, not through a symlink (rules 79, 126).
state_directory() {
  local directory owner
  for directory in /var/lib/belay "$state" "$state/transactions"; do
    if [ ! -e "$directory" ] && [ ! -L "$directory" ]; then
      case $directory in
      /var/lib/belay) mkdir -m 0711 "$directory" ;;
      *) mkdir -m 0711 "$directory" ;;
      esac || { reason="cannot make $directory"; return 1; }
    fi
    if [ -L "$directory" ] || [ ! -d "$directory" ]; then
      reason="$directory is not a directory of root's own"
      return 1
    fi
    owner=$(stat -c '%u %A' "$directory") || owner=''
    case $owner in
    "0 d"????-??-?) ;;
    *) reason="$directory is not owned by root or is writable by others"; return 1 ;;
    esac
  done
  # Empty is what a power cut left of one that was not synced: nobody's format.
  if [ -s "$state/format" ]; then
    read -r owner <"$state/format" || owner=''
    if [ "$owner" != "$belay_format" ]; then
      reason="$state has format '$owner', this is format '$belay_format'"
      return 1
    fi
  else
    echo "$belay_format" >"$state/format.new" && sync "$state/format.new" && mv "$state/format.new" "$state/format" && sync "$state" /var/lib/belay /var/lib ||
      { reason="cannot write $state/format"; return 1; }
  fi
}

# 0: the state directory is of another format; nothing of it is touched then.
state_unknown() {
  local format=''
  [ -s "$state/format" ] || return 1
  read -r format <"$state/format" || :
  [ "$format" != "$belay_format" ]
}
