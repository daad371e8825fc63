# postrm: Essential programs only. Every form but remove and purge may never fail: it would leave half-installed (catalogue 0.9).

# The old prerm may have stopped what is enabled: started again.
start_enabled_units() {
  local n=1 unit enable on_upgrade
  while [ "$n" -le "$belay_services" ]; do
    "service_$n"
    case $(timeout 90 systemctl is-enabled -- "$unit" 2>/dev/null) in # not there: nothing to start
    enabled*)
      if ! timeout 90 systemctl is-active --quiet -- "$unit"; then
        deb-systemd-invoke start "$unit" || printf 'belay: %s: could not start %s again\n' "$belay_package" "$unit" >&2
      fi
      ;;
    esac
    n=$((n + 1))
  done
}

helper_for_units() {
  local unit
  [ -n "$belay_units" ] && command -v deb-systemd-helper >/dev/null || return 0
  for unit in $belay_units; do
    deb-systemd-helper "$1" "$unit" >/dev/null || printf 'belay: %s: deb-systemd-helper %s %s failed\n' "$belay_package" "$1" "$unit" >&2
  done
}

reload_units() {
  if [ -z "${DPKG_ROOT:-}" ] && [ -d /run/systemd/system ]; then
    timeout 90 systemctl daemon-reload || : # the package goes all the same
  fi
}

exec </dev/null
dpkg_frontend='' apt_lock='' tx_guest='' dpkg_config_version=''
case ${1-} in
remove)
  [ -n "${DPKG_ROOT:-}" ] || take_interim_away
  reload_units
  helper_for_units mask
  if [ -z "${DPKG_ROOT:-}" ] && ! state_unknown && load_open && [ "$tx_state" != returning ]; then
    # The administrator's removal ends whatever was owed.
    # What was settled and not yet closed keeps its word.
    settled "$tx_state" || journal state aborted 'the package was removed' || : # a full disk may not stop a removal
    rm -f "$tx/ballast" "$state/open"
    disarm
  fi
  run_user_script postrm "$@"
  ;;
purge)
  helper_for_units purge
  helper_for_units unmask
  run_user_script postrm "$@"
  if [ -z "${DPKG_ROOT:-}" ] && ! state_unknown; then forget_everything; fi
  ;;
upgrade | failed-upgrade)
  run_user_script postrm "$@" || : # unfailable
  if [ -z "${DPKG_ROOT:-}" ] && [ -d "$state" ] && ! state_unknown; then
    # If what replaces us is not ours, our hook clears up when that is purged; our postinst takes the mark away again.
    true >"$state/foreign" || : # read-only or full: the mark is not worth a failed upgrade
  fi
  ;;
abort-install | abort-upgrade)
  run_user_script postrm "$@" || : # unfailable
  # Not in the middle of a return: what would start is what is being taken back, on data that was put back.
  if [ -z "${DPKG_ROOT:-}" ] && [ -d /run/systemd/system ] && ! { ! state_unknown && load_open && [ "$tx_state" = returning ]; }; then
    start_enabled_units
  fi
  ;;
disappear)
  if [ -z "${DPKG_ROOT:-}" ] && ! state_unknown; then forget_everything; fi
  ;;
esac
exit 0
