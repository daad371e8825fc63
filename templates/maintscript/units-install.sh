# Units, sysusers and tmpfiles among the contents: the calls that debhelper's autoscripts make (debhelper 13.11), without debhelper.

# unit_is_enabled_by_release UNIT
unit_is_enabled_by_release() {
  local n=1 unit enable on_upgrade
  while [ "$n" -le "$belay_services" ]; do
    "service_$n"
    if [ "$unit" = "$1" ]; then
      [ "$enable" = true ]
      return
    fi
    n=$((n + 1))
  done
  return 1
}

# Accounts and directories first: the service's files and the steps need them (postinst-sysusers, postinst-init-tmpfiles).
install_accounts() {
  if [ -n "$belay_sysusers" ]; then
    if ! command -v systemd-sysusers >/dev/null; then
      reason='systemd-sysusers is not there'
      return 1
    fi
    # shellcheck disable=SC2086 # a list of file names without white space
    systemd-sysusers ${DPKG_ROOT:+--root="$DPKG_ROOT"} $belay_sysusers >&2 9>&- || { reason='systemd-sysusers failed'; return 1; }
  fi
  if [ -n "$belay_tmpfiles" ] && command -v systemd-tmpfiles >/dev/null; then
    # shellcheck disable=SC2086 # a list of file names without white space
    systemd-tmpfiles ${DPKG_ROOT:+--root="$DPKG_ROOT"} --create $belay_tmpfiles >&2 9>&- || : # 73 and 65 are warnings; debhelper ignores all
  fi
  return 0
}

# postinst-systemd-enable and postinst-systemd-dont-enable
install_units() {
  local unit
  command -v deb-systemd-helper >/dev/null || return 0
  for unit in $belay_units; do
    if unit_is_enabled_by_release "$unit"; then
      deb-systemd-helper unmask "$unit" >/dev/null || : # only masks made by deb-systemd-helper itself
      if deb-systemd-helper --quiet was-enabled "$unit"; then
        deb-systemd-helper enable "$unit" >/dev/null || : # as debhelper: an unlinkable unit is shown by the checks
      else
        deb-systemd-helper update-state "$unit" >/dev/null || :
      fi
    else
      if deb-systemd-helper debian-installed "$unit"; then
        deb-systemd-helper unmask "$unit" >/dev/null || : # as above
        if deb-systemd-helper --quiet was-enabled "$unit"; then
          deb-systemd-helper enable "$unit" >/dev/null || : # as above
        fi
      fi
      deb-systemd-helper update-state "$unit" >/dev/null || : # as above
    fi
  done
  reload_manager
}

is_linked() { [ -L "$1" ] && [ -e "$1" ]; }

# Within a return settle reloads and starts; links that are there were never taken away by the version that failed.
install_units_again() {
  local unit
  for unit in $belay_units; do
    # One link is what systemctl calls enabled, and needs no answer of the manager.
    if is_linked /etc/systemd/system/*."wants/$unit"; then continue; fi
    case $(timeout 90 systemctl is-enabled -- "$unit" 2>/dev/null) in # not answering: the whole way
    enabled | static | indirect | alias) ;;
    *)
      install_units
      return
      ;;
    esac
  done
}

reload_manager() {
  if [ -z "${DPKG_ROOT:-}" ] && [ -d /run/systemd/system ]; then
    timeout 90 systemctl daemon-reload >&2 9>&- || say 'systemd could not reload its units'
  fi
}
