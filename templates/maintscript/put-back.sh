# The previous version, put back by apt with the configuration of the proof, else by dpkg with the very same files.

put_back_package() {
  local line
  merge_dpkg_journal || note 'dpkg could not merge its journal'
  if [ -z "$old_version" ]; then
    put_back_nothing
    return
  fi
  if version_is_installed "$old_version" && files_are_whole; then
    return 0 # the return was interrupted after this, or a person did it
  fi
  set --
  while IFS= read -r line; do set -- "$@" "$line"; done <<LIST
$(return_arguments)
LIST
  for line in "$@"; do
    case $line in
    *.deb) kept_deb_is_intact "$line" || { strand apt "$line is not what was verified"; return 1; } ;;
    esac
  done
  return_apt "$apt_lock" --reinstall install "$@" >>"$tx/log" 2>&1 || note "apt-get ended with $?"
  configure_ours "$@"
  if ! version_is_installed "$old_version"; then
    # Somebody was faster: not a failure, wait for the lock again.
    if ! lock_manner || tail -n 5 "$tx/log" | grep -q 'Could not get lock'; then
      lost_race=yes
      return 1
    fi
    note 'apt did not do it; dpkg -i of the same files'
    set --
    for line in "$tx"/wayback/*.deb; do set -- "$@" "$line"; done
    env $dpkg_frontend DEBIAN_FRONTEND=noninteractive dpkg --force-confdef --force-confold -i "$@" </dev/null >>"$tx/log" 2>&1 9>&- || note "dpkg -i ended with $?"
  fi
  if ! version_is_installed "$old_version"; then
    strand apt "$(sed -n 's/^E: //p; s/^ *\(.*Depends: .*\)/\1/p; s/^dpkg: error/&/p' "$tx/log" | tail -n 1)"
    return 1
  fi
}

# Compulsory: apt exits 0 with ours still unpacked (T).
configure_ours() {
  dpkg_state
  case $dpkg_status in
  ?[UFWt]*)
    env $dpkg_frontend DEBIAN_FRONTEND=noninteractive dpkg --force-confdef --force-confold --configure "$belay_package" </dev/null >>"$tx/log" 2>&1 9>&- || note "dpkg --configure ended with $?"
    ;;
  esac
}

# A first install that failed: removed; its conffiles stay (config-files).
put_back_nothing() {
  dpkg_state
  case $dpkg_status in
  un\ | ?n\ | ?c\ ) return 0 ;;
  esac
  env $dpkg_frontend DEBIAN_FRONTEND=noninteractive dpkg --force-remove-reinstreq --remove "$belay_package" </dev/null >>"$tx/log" 2>&1 9>&- || note "dpkg --remove ended with $?"
  dpkg_state
  case $dpkg_status in
  un\ | ?n\ | ?c\ ) return 0 ;;
  esac
  strand remove "dpkg could not remove $new_version"
  return 1
}

# Conffiles that only the new version has would stay live (cron.d, sudoers.d): set aside before services start. Our own hook
# stays: it clears up when a foreign old version is purged.
set_new_conffiles_aside() {
  local path sum flag
  [ -n "$old_version" ] || return 0
  dpkg-query -W -f '${Conffiles}\n' "$belay_package" >"$tx/conffiles-now" 2>>"$tx/log" || return 0 # unknown: nothing to set aside
  while read -r path sum flag; do
    [ "$flag" = obsolete ] && [ -e "$path" ] || continue
    [ "$path" != "/etc/apt/apt.conf.d/$belay_hook" ] || continue
    grep -qxF "$path" "$tx/conffiles-before" 2>/dev/null && continue # it was there before: obsolete then as well
    aside_file "$path" || return 1
  done <"$tx/conffiles-now"
}
