# prerm: stops what is removed. "upgrade" and "failed-upgrade" may never fail: a failing one makes a return impossible (catalogue 0.10).

exec </dev/null
case ${1-} in
remove)
  if [ -z "${DPKG_ROOT:-}" ] && [ -d /run/systemd/system ]; then
    n=$belay_services
    while [ "$n" -ge 1 ]; do
      "service_$n"
      deb-systemd-invoke stop "$unit" || printf 'belay: %s: could not stop %s\n' "$belay_package" "$unit" >&2
      n=$((n - 1))
    done
  fi
  run_user_script prerm "$@"
  ;;
upgrade | failed-upgrade | deconfigure)
  run_user_script prerm "$@" || printf 'belay: %s: the preremove script of the release failed (ignored: %s may not fail)\n' "$belay_package" "$1" >&2
  ;;
esac
exit 0
