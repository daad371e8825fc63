# What dpkg's database says: the only truth about what is installed.

# Sets dpkg_status (like "ii " or "iHR") and dpkg_version of our package; "un" when it is unknown.
dpkg_state() {
  local line
  line=$(dpkg-query -W -f '${db:Status-Abbrev}\t${Version}\t${Config-Version}\n' "$belay_package" 2>/dev/null) || line='' # unknown package
  dpkg_status=${line%%"$tab"*}
  line=${line#*"$tab"}
  dpkg_version=${line%%"$tab"*}
  dpkg_config_version=${line#*"$tab"}
  [ -n "$dpkg_status" ] || dpkg_status='un '
}

# 0: VERSION is installed, configured and complete, by dpkg's database and by dpkg's look at the files.
version_is_installed() {
  dpkg_state
  case $dpkg_status in
  [ih][iWt]\ ) [ "$dpkg_version" = "$1" ] ;;
  *) return 1 ;;
  esac
}

# 0: dpkg put every file of the package on disk. It silently leaves out what another package has that Replaces this version and
# is still there, and forgets that it was in the archive (T): a package put back before that one went needs a second pass.
no_file_is_left_out() {
  local sums="/var/lib/dpkg/info/$belay_package.md5sums" list
  # The name has its architecture where the package is Multi-Arch: same.
  [ -f "$sums" ] || { sums=$(dpkg-query --control-path "$belay_package" md5sums) && [ -f "$sums" ]; } || return 0 # nothing is known
  list=${sums%.md5sums}.list
  sums=$(sed -n 's/^[0-9a-f]\{32\}  /\//p' "$sums" | grep -vxF -f "$list" | head -n 1) || : # none is what it should be
  [ -n "$sums" ] || return 0
  ! grep -rqs '^ *path-exclude' /etc/dpkg/dpkg.cfg /etc/dpkg/dpkg.cfg.d || return 0 # told to leave files out
  reason="dpkg left out $sums"
  return 1
}

# 0: no file of the package but conffiles differs from what was packed.
files_are_whole() {
  local line whole=0
  no_file_is_left_out || return 1
  dpkg --verify "$belay_package" >"$tx/verify" 2>>"$tx/log" || : # its exit code says less than its lines
  while read -r line; do
    case $line in
    '?'*' c '* | '.'*' c '* | missing*' c '*) ;;
    '') ;;
    *) whole=1 reason="dpkg --verify: $line" ;;
    esac
  done <"$tx/verify"
  return "$whole"
}
