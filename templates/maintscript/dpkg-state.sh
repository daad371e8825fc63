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

# 0: no file of the package but conffiles differs from what was packed.
files_are_whole() {
  local line whole=0
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
