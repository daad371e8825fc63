# One look of the watch: the required checks, and what follows of them (decide_probation, decide_unproven).

# watch: what the timer calls. The checks are asked without any lock: who upgrades, returns or keeps meanwhile does not wait for them.
watch() {
  local seen_tx seen_state seen_hold
  trap '' HUP PIPE INT
  in_settle=yes settling='' settle_caller=watch lost_race='' postponed=''
  load_open || { unwatch; return 0; }
  case $tx_state in
  probation | unproven) ;;
  *)
    settle unit # a look that was killed in the middle of what it decided
    return
    ;;
  esac
  if must_wait watch; then
    [ "$tx_state" != probation ] || advance_clock paused
    return 0
  fi
  if is_elsewhere watch || ! host_is_up || dpkg_works; then return 0; fi
  if [ -n "$tx_guest$(fact guest_owed)" ]; then
    settle unit
    load_open && [ -n "$(fact guest_owed)" ] && unwatch # a step that failed is not tried for ever: the next apt run, boot or check
    return 0
  fi
  seen_tx=$tx seen_state=$tx_state seen_hold=$(last_hold)
  find_skipped_units
  watching=yes unpacked_monotonic_us=''
  rm -f "$tx"/failing-* # of a look that was killed
  if run_checks check "$(required_checks)" "$tx/watched"; then
    judge "$tx/watched" new
  else
    verdict=inconclusive inconclusive_message=$reason
  fi
  watching=''
  if ! take_lock 5; then return 0; fi
  # What a person, or dpkg, did meanwhile makes this look an old one: in a hold that came and went people break things on purpose.
  if load_open && [ "$tx:$tx_state" = "$seen_tx:$seen_state" ] && [ "$(last_hold)" = "$seen_hold" ] && ! must_wait watch && host_is_up && ! dpkg_works && lock_manner; then
    trap '' TERM
    kill_orphans
    merge_dpkg_journal || note 'dpkg could not merge its journal'
    ! configure_killed || "decide_$tx_state" || note "watch: $reason"
  fi
  drop_lock
  # It waits for room, or somebody was quicker with dpkg's lock.
  [ "$tx_state" != returning ] && [ -z "$lost_race" ] || settle unit
}

# Prints when the last hold was ended, in a form that is only compared.
last_hold() { cat "$tx/unheld" 2>/dev/null || :; } # there was none

# Of those that the new version is asked, the ones that decide.
required_checks() {
  local n name kind url tcp unit stays run user status body severity stage start_period interval timeout retries successes
  for n in $(checks_of_new); do
    "check_$n"
    [ "$severity" != required ] || printf '%s ' "$n"
  done
}

# 0: neither going down nor still booting, when services may not have come to start; for at most five minutes of a boot that hangs.
host_is_up() {
  case $(timeout 10 systemctl is-system-running 2>/dev/null) in
  running | degraded | maintenance) return 0 ;;
  starting | initializing) [ "$(uptime_ms)" -ge 300000 ] ;;
  *) return 1 ;;
  esac
}

# 0: dpkg works now: files may be half replaced, and nothing could be taken back.
dpkg_works() { [ "$(lock_owner /var/lib/dpkg/lock)" != 0 ]; }

# Killed after our last word: configure asks again, our postinst sees the state and starts what it has to. 1: somebody took dpkg's
# lock meanwhile.
configure_killed() {
  dpkg_state
  case $dpkg_status in
  ?[FU]\ ) ;;
  *) return 0 ;;
  esac
  hook_point configure
  env $dpkg_frontend dpkg --force-confdef --force-confold --configure "$belay_package" </dev/null >>"$tx/log" 2>&1 9>&- || {
    if lock_manner; then note "dpkg --configure failed in the state $tx_state"; else lost_race=yes; fi
  }
  [ -z "$lost_race" ]
}
