# The previous version, put back by apt with the configuration of the proof, else by dpkg with the very same files.

put_back_package() {
  local line gone
  merge_dpkg_journal || note 'dpkg could not merge its journal'
  # The return was interrupted after this, or a person did it; settle has just asked dpkg.
  if { [ -n "$(fact resumed)$(fact interim_served)" ] || [ "$dpkg_version" != "$new_version" ] || [ "$old_version" = "$new_version" ]; } &&
    ours_is_back && files_are_whole && [ -z "$(set_is_not_back files_are_whole)" ]; then return 0; fi
  gone=$(to_be_removed)
  if [ -n "$old_version" ] || [ -s "$tx/set" ]; then
    set --
    for line in "$tx"/wayback/*.deb; do
      kept_deb_is_intact "$line" || { strand apt "$line is not what was verified"; return 1; }
      set -- "$@" "$line"
    done
    # What is gone already is no word apt knows.
    [ -n "$old_version" ] || ours_is_back || gone="$gone $belay_package"
    for line in $gone; do set -- "$@" "$line-"; done
    return_apt "$apt_lock" --reinstall install "$@" >>"$tx/log" 2>&1 || {
      note "apt-get ended with $?"
      let_dpkg_end
    }
    configure_set
  fi
  if ours_is_back && no_file_is_left_out && [ -z "$(set_is_not_back no_file_is_left_out)" ]; then return 0; fi
  # Somebody was faster: not a failure, wait for the lock again.
  if ! lock_manner || tail -n 5 "$tx/log" | grep -q 'Could not get lock'; then
    lost_race=yes
    return 1
  fi
  [ -z "$old_version" ] || note 'apt did not do it; dpkg with the same files'
  put_back_by_dpkg
  line=$(set_is_not_back no_file_is_left_out)
  if ours_is_back && [ -z "$line" ]; then return 0; fi
  if [ -z "$old_version" ]; then
    strand remove "dpkg could not remove $new_version"
  else
    strand apt "$(sed -n 's/^E: //p; s/^ *\(.*Depends: .*\)/\1/p; s/^dpkg: error/&/p' "$tx/log" | tail -n 1)${line:+ (not as before: $(one_line "$line"))}"
  fi
  return 1
}

# 0: our own package is what it was before: the old version, or (a first install) not there; its conffiles stay then.
ours_is_back() {
  if [ -n "$old_version" ]; then
    version_is_installed "$old_version"
    return
  fi
  dpkg_state
  case $dpkg_status in
  un\ | ?n\ | ?c\ ) return 0 ;;
  esac
  return 1
}

# What goes is removed first: it may break the old version, and the new one may need it, so dependencies are asked only at the end.
put_back_by_dpkg() {
  local line
  set --
  for line in $(to_be_removed); do set -- "$@" "$line"; done
  [ -n "$old_version" ] || ours_is_back || set -- "$@" "$belay_package"
  if [ $# -gt 0 ]; then
    [ -z "$old_version" ] || set -- --force-depends "$@"
    env $dpkg_frontend DEBIAN_FRONTEND=noninteractive BELAY_RETURN_OF="$belay_package" dpkg --force-remove-reinstreq --remove "$@" </dev/null >>"$tx/log" 2>&1 9>&- || note "dpkg --remove ended with $?"
  fi
  set --
  for line in "$tx"/wayback/*.deb; do [ ! -e "$line" ] || set -- "$@" "$line"; done
  [ $# -gt 0 ] || return 0
  env $dpkg_frontend DEBIAN_FRONTEND=noninteractive BELAY_RETURN_OF="$belay_package" dpkg --auto-deconfigure --force-confdef --force-confold -i "$@" </dev/null >>"$tx/log" 2>&1 9>&- || note "dpkg -i ended with $?"
}

# An apt that was killed leaves its dpkg at work: nothing is known before that has ended.
let_dpkg_end() {
  local tries=0
  while [ "$tries" -lt 6000 ] && [ "$(lock_owner /var/lib/dpkg/lock)" != 0 ]; do
    tries=$((tries + 1))
    sleep 0.1
  done
}

# Compulsory: apt exits 0 with ours still unpacked (T).
configure_set() {
  local name arch version mark selection
  set --
  while read -r name arch version mark selection; do
    case $(dpkg-query -W -f '${db:Status-Abbrev}' "$(qualified "$name" "$arch")" 2>/dev/null) in # unknown: not there
    ?[UFWt]*) set -- "$@" "$(qualified "$name" "$arch")" ;;
    esac
  done <<LIST
$(return_members)
LIST
  [ $# -gt 0 ] || return 0
  env $dpkg_frontend DEBIAN_FRONTEND=noninteractive BELAY_RETURN_OF="$belay_package" dpkg --force-confdef --force-confold --configure "$@" </dev/null >>"$tx/log" 2>&1 9>&- || note "dpkg --configure ended with $?"
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
