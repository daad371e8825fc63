# Which of the calls this is: dpkg's preinst or postinst (catalogue, section 1), or the program.

# When the process that runs dpkg started, in seconds since the epoch with a fraction: what stopped after it was running before.
# The clock tick that may be missing is all that is allowed for: what a person stopped just before must stay stopped.
find_run_start() {
  local ticks uptime began
  ticks=$(process_start "$PPID") || return 0 # it is gone: nothing is known
  uptime=$(uptime_ms)
  began=$(($(date +%s%3N) - uptime + ticks * 1000 / $(getconf CLK_TCK) - 20))
  run_started=$((began / 1000)).$(printf '%03d' $((began % 1000)))
}

call_preinst() {
  local old deb
  case ${1-} in
  install | upgrade) ;;
  *) return 0 ;; # abort-upgrade: unfailable (rule 27)
  esac
  if [ -n "${DPKG_ROOT:-}" ]; then
    run_user_script preinst "$@"
    return
  fi
  if state_unknown; then
    say "REFUSED. $state was written by another format of belay"
    return 1
  fi
  old=${2-}
  [ "$1" = upgrade ] || old='' # config-files only: nothing to go back to but removal
  if load_open && [ "$tx_state" = returning ] && [ "$old_version" = "$belay_version" ]; then
    hook_point returning-preinst
    run_user_script preinst "$@" # the return itself: no gate, no snapshot
    return
  fi
  if returned_by_another; then
    state_directory && true >"$state/reinstalled" # a service of the version that goes may run: restarted
    run_user_script preinst "$@"
    return
  fi
  if [ "$old" = "$belay_version" ]; then
    if load_open && ! may_be_reinstalled; then
      say "REFUSED. A transaction to $new_version is $tx_state; let it end: belay-$belay_package resume"
      return 1
    fi
    state_directory && true >"$state/reinstalled" # no new previous version (rule 39): checks only
    run_user_script preinst "$@"
    return
  fi
  may_go_forward || { say "REFUSED. $reason"; return 1; }
  if ! prepared_for "$old"; then
    find_run_start
    deb=$(unpacked_deb) || deb=''
    prepare "$old" "$belay_version" "$deb" || return 1
  else
    take_lock 60 || { say "$reason"; return 1; }
  fi
  install_program && arm && stop_services start && run_user_script preinst "$@" || {
    reason="${reason:-the preinstall script of the release failed}"
    say "REFUSED. $reason"
    start_services_again
    restore_program
    close_transaction aborted "$reason"
    return 1
  }
  remember unpacked_us "$(($(uptime_ms) * 1000))" && enter unpacked || return 1
  drop_lock
}

# prepared_for OLD: a matching transaction of this very program is prepared, and young enough to take over.
prepared_for() {
  local at
  load_open && [ "$tx_state" = prepared ] && [ "$old_version" = "$1" ] && [ "$new_version" = "$belay_version" ] &&
    cmp -s "$tx/program" "$program" && [ "$tx_boot" = "$(cat /proc/sys/kernel/random/boot_id)" ] || return 1
  at=$(fact prepared_at)
  [ -z "$at" ] || [ $(($(uptime_ms) - at)) -lt 900000 ]
}

call_postinst() {
  case ${1-} in
  configure | reconfigure) ;;
  abort-upgrade) may_be_called_installed; return ;;
  abort-remove | abort-deconfigure)
    # Called off in favour of another package: dpkg writes "installed" then as well, whatever the state was (laundering, T).
    if [ "${1} ${2-}" = 'abort-remove in-favour' ] && ! version_is_good; then return 1; fi
    [ -n "${DPKG_ROOT:-}" ] || install_units
    ! load_last || [ -n "${DPKG_ROOT:-}" ] || is_guest || start_declared
    return 0
    ;;
  triggered)
    case " ${2-} " in
    *" belay-set-$belay_set_name "*) [ -z "$belay_set_name" ] || check_set || return 1 ;;
    esac
    return 0
    ;;
  *)
    printf 'belay: error: postinst called with unknown argument %s\n' "'${1-}'" >&2
    return 1
    ;;
  esac
  if [ -n "${DPKG_ROOT:-}" ]; then
    install_accounts && install_units && run_user_script postinst "$@"
    return
  fi
  if state_unknown; then
    say "$state was written by another format of belay"
    return 1
  fi
  if load_open; then
    case $tx_state in
    unpacked)
      if [ "$new_version" = "$belay_version" ] && ! finished configure-begun; then
        [ ! -e "$state/foreign" ] || rm -f "$state/foreign"
        forward "$@"
        return
      fi
      ;;
    returning)
      if [ "$old_version" = "$belay_version" ]; then
        hook_point returning-postinst
        [ ! -e "$state/foreign" ] || rm -f "$state/foreign"
        install_accounts && install_units_again && run_user_script postinst "$@"
        return
      fi
      ;;
    unproven | probation | committed) configured_again "$@"; return ;;
    esac
    if [ "$old_version" = "$belay_version" ] && returned_by_another; then
      configured_again "$@" # our settle closes the transaction then: its unpack was taken back
      return
    fi
    say "$new_version is ${tx_failed:+taken back ($tx_failed): }$tx_state; configuring it again would call it installed"
    tell "next      belay-$belay_package status"
    return 1
  fi
  tx=''
  if failed_here "$belay_version"; then
    say "$belay_version failed and is $failed_state; it is not configured again: belay-$belay_package status"
    return 1
  fi
  configured_again "$@"
}

# Deconfigure, reconfigure, reinstall, a failed trigger: accounts, units and a look at the checks; nothing is decided.
configured_again() {
  local n=1 unit enable on_upgrade
  [ ! -e "$state/foreign" ] || rm -f "$state/foreign"
  install_accounts || { say "$reason"; return 1; }
  install_units
  run_user_script postinst "$@" || return
  if is_guest; then return 0; fi
  if [ -e "$state/reinstalled" ]; then
    rm -f "$state/reinstalled"
    while [ "$n" -le "$belay_services" ]; do
      "service_$n"
      if [ "$on_upgrade" != none ] && manager is-active --quiet -- "$unit"; then
        deb-systemd-invoke restart "$unit" 9>&- || say "$unit does not restart"
      fi
      n=$((n + 1))
    done
  else
    [ "$1" = reconfigure ] || start_declared
  fi
  return 0
}

# Enabled units that do not run are started again: an aborted removal or deconfigure may have stopped them.
start_declared() {
  local n=1 unit enable on_upgrade
  while [ "$n" -le "$belay_services" ]; do
    "service_$n"
    case $(manager is-enabled -- "$unit" 2>/dev/null) in
    enabled*) manager is-active --quiet -- "$unit" || deb-systemd-invoke start "$unit" 9>&- || say "$unit does not start" ;;
    esac
    n=$((n + 1))
  done
}

# 0: dpkg may call this version installed: it was configured once, and no open transaction says that it failed.
version_is_good() {
  dpkg_state
  if [ "$dpkg_config_version" != "$belay_version" ]; then return 1; fi
  if [ -z "${DPKG_ROOT:-}" ] && load_open && [ "$new_version" = "$belay_version" ] && ! may_be_reinstalled; then
    return 1
  fi
  # A leader whose set failed was configured once, in dpkg's words.
  [ -n "${DPKG_ROOT:-}" ] || ! failed_here "$belay_version"
}

# postinst abort-upgrade: exit 0 makes dpkg write "installed" whatever the state was (laundering, catalogue 0.1).
may_be_called_installed() {
  version_is_good || return 1
  if [ -z "${DPKG_ROOT:-}" ] && ! is_guest; then start_declared; fi
  return 0
}

call_program() {
  if state_unknown && [ "${1-}" != settle ]; then
    could_not "$state was written by another format of belay"
    return 74
  fi
  case ${1-} in
  settle)
    if state_unknown; then return 0; fi
    load_open && hand_over "$@"
    exec 3<&0 </dev/null
    case ${2-} in
    hook-session) settle hook ;;
    watch) watch ;;
    *) settle "$2" ;;
    esac
    return 0
    ;;
  before) verb_before ;;
  before-checks)
    shift
    verb_before_checks "$@"
    ;;
  notify)
    load_transaction "$state/transactions/$3" && notify_one "$2"
    return 0
    ;;
  status | check | history | log | plan | verify | preflight | return | keep | confirm | unblock | hold | unhold | resume | prune)
    [ "$(id -u)" = 0 ] || { could_not 'this needs root'; return 74; }
    exec 3<&0
    case $1 in
    return | keep | confirm | resume | unhold) ! load_last || hand_over "$@" ;;
    hold)
      shift
      verb_hold "$*"
      return
      ;;
    esac
    # What a person types is not what "unhold" passes on to resume.
    if [ "$1" = resume ]; then verb_resume; else "verb_$1" "${2-}"; fi
    ;;
  upgrade) usage "'$1' is not built yet" ;;
  help | --help | -h)
    usage 'one of these verbs:' 2>&1 | sed -n 's/^belay: hint: /usage: /p'
    ;;
  '') usage 'a verb is missing' ;;
  *) usage "unknown verb '$1'" ;;
  esac
}

program=$0
in_settle='' in_interim='' settling='' lost_race='' dpkg_frontend='' apt_lock='' preflight='' in_baseline='' skipped_units='' lock_holder='' postponed='' no_room_in='' guest_because='' guest_known='' status_writer='' never_configured='' before_asked=''
settle_caller='' watching='' tx_guest='' tx_override='' tx_observed='' tx_would_refuse='' tx_opened='' tx_worker='' tx_failed='' run_started='' new_deb='' dpkg_config_version=''
case "${DPKG_MAINTSCRIPT_NAME-}:${0##*/}" in
*:preinst | *".preinst")
  exec </dev/null
  if [ "${1-}" = belay-prepare ]; then
    [ -z "${BELAY_PREFLIGHT-}" ] || preflight=yes
    prepare "$2" "$3" "$4" || exit 1
    if [ -n "$preflight" ]; then
      say 'preflight: everything a run needs is there; nothing was changed'
      rm -rf "$tx/snapshot" "$tx/wayback" "$tx/conffiles"
      close_transaction aborted 'preflight'
    fi
    exit 0
  fi
  call_preinst "$@" || exit 1
  ;;
*:postinst | *".postinst")
  exec </dev/null
  call_postinst "$@" || exit 1
  ;;
*) call_program "$@" || exit $? ;;
esac
exit 0
