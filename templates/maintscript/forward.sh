# postinst configure of a prepared transaction: final copy, steps, start, checks, commit.

# Uses reason. 1: the attempt failed; settle takes it back as soon as dpkg's locks allow. 0: the site only observes, it goes on.
forward_failed() {
  local why="$reason"
  unquiesce || note "$reason"
  reason=$why
  if observing && observed "$reason"; then return 0; fi
  journal fact failed "$reason" || : # a full disk: the open transaction itself says that it did not end
  say "$reason"
  drop_lock
  return 1
}

quiesce() {
  case $belay_quiesce in
  command)
    finish paused-begun || return 1
    run_command_quiet '' "$belay_quiesce_timeout" 'pause' "$belay_quiesce_pause" pause || { reason="quiesce.pause failed: $(last_line)"; return 1; }
    ;;
  esac
  stop_services upgrade
}

unquiesce() {
  [ "$belay_quiesce" = command ] && finished paused-begun && ! finished resumed || return 0
  run_command_quiet '' "$belay_quiesce_timeout" 'resume' "$belay_quiesce_resume" resume || { reason="quiesce.resume failed: $(last_line)"; return 1; }
  finish resumed
}

final_dumps() {
  local n=1 name save verify restore user restore_when timeout
  [ -z "$tx_guest" ] && [ -n "$old_version" ] || return 0
  mkdir -p "$tx/snapshot/dumps" || { reason="cannot write $tx/snapshot"; return 1; }
  while [ "$n" -le "$belay_dumps" ]; do
    "dump_$n"
    dump_save "$n" "$tx/snapshot/dumps/$n" || return 1
    n=$((n + 1))
  done
  rm -rf "$tx/snapshot/trial"
}

copy_finally() {
  if [ "$(fact copies)" = none ]; then
    stop_services upgrade # observed: there was no first copy
    return
  fi
  quiesce && snapshot_copy_final && final_dumps && unquiesce && enter saved
}

# This process, and the dpkg that called it.
say_who_works() {
  journal fact worker "$$ $(process_start $$)" && journal fact dpkg "$PPID $(process_start "$PPID")"
}

forward() {
  take_lock 30 || { say "$reason"; return 1; }
  [ -n "${2-}" ] || never_configured=yes
  say_who_works && finish configure-begun || return 1
  arm || { forward_failed || return 1; }
  install_accounts || { forward_failed || return 1; }
  if [ -n "$tx_override" ]; then
    stop_services upgrade && enter saved || { forward_failed || return 1; }
  else
    copy_finally || { reason="final copy: $reason"; forward_failed && lose_way_back "$tx_observed" || return 1; }
  fi
  enter updating || { forward_failed || return 1; }
  if [ -z "$tx_override$tx_guest" ]; then
    run_steps stopped || { forward_failed || return 1; }
  fi
  install_units
  run_user_script postinst "$@" || { reason="the release's postinstall script failed (exit $?)"; forward_failed || return 1; }
  if [ -n "$tx_guest" ]; then
    enter unproven "$tx_guest"
    say "UNPROVEN $new_version: installed, no service touched, no step, no check: $tx_guest"
    result_line
    write_status
    notify unproven
    return 0
  fi
  journal fact opened "$(uptime_ms)" || { forward_failed || return 1; }
  tx_opened=yes
  start_services || { forward_failed || return 1; }
  if [ -z "$tx_override" ]; then
    run_steps started || { forward_failed || return 1; }
  fi
  { [ -z "$belay_confirm_within" ] || remember_checking; } && enter checking || { forward_failed || return 1; }
  if [ -z "$tx_override" ]; then
    wait_for_set && return 0
    [ $? = 1 ] || { forward_failed || return 1; }
  fi
  find_skipped_units
  unpacked_monotonic_us=$(fact unpacked_us)
  look check "$(checks_of_new)" "$tx/checks"
  decide
}

# The table of design section 4.
decide() {
  if [ -n "$tx_override" ] && [ "$verdict" != pass ]; then
    # A person took over, and may have stopped on purpose what the checks ask: they report, they decide nothing.
    say "checks $checks_ok/$checks_all ok; the override decides"
    commit
    return
  fi
  case $verdict in
  inconclusive)
    read_policy || note "policy: $policy_wrong"
    if [ "$policy_inconclusive" = return ]; then
      reason="the checks are inconclusive ($inconclusive_message), and the site's rules say inconclusive=return"
      forward_failed || return 1
    fi
    ;;
  fail)
    reason="check $failed_number/$checks_all '$failed_check' FAILED after $(seconds "$failed_ms"): $failed_message"
    remember failed_check "$failed_check"
    forward_failed || return 1
    ;;
  esac
  if [ -n "$tx_observed" ]; then
    be_observed
  elif [ "$verdict" = pass ]; then
    passed
  else
    be_unproven
  fi
}

be_unproven() {
  keep_new_version
  enter unproven "$inconclusive_message" || return 1
  say "checks $checks_ok/$checks_all ok, inconclusive: $inconclusive_message"
  say "UNPROVEN $new_version (was ${old_version:-not installed}): kept under check, way back kept; check again: belay-$belay_package check"
  result_line
  write_status
  keep_watch
  notify unproven
}

commit() {
  say "checks $checks_ok/$checks_all ok$advisory"
  keep_new_version
  sync_file_systems
  enter committed || return 1
  finish_commit
}

# Everything after "committed" is finished, whoever comes by: nothing here can take the release back. The transaction stays open
# until settle has seen that dpkg wrote "installed": a front end that is killed takes dpkg with it, after our last word (T).
finish_commit() {
  local since
  if finished announced; then return 0; fi
  if [ -z "$tx_override$tx_guest" ] && ! run_steps committed; then
    remember committed_step "$reason"
    say "committed, but $reason; run it again: belay-$belay_package resume"
  fi
  rm -f "$tx/ballast"
  rm -rf "$tx/archives" "$tx/new"
  write_pins_of_passed
  # Plan B works under the override, with the copies of the transaction before.
  [ -n "$tx_override" ] || retain
  since=$(downtime)
  say "COMMITTED $new_version (was ${old_version:-not installed})${since:+, downtime $since}"
  compare_downtime
  result_line
  write_status
  finish announced || note "$reason"
  notify committed
}

# How long nothing served, and by the wall clock from when to when; what served in the interim was away once more.
downtime() {
  local stopped served wall again interim
  stopped=$(fact stopped_at)
  served=$(fact served_at)
  interim=$(fact interim_served)
  if [ -n "$interim" ] && [ -n "$stopped" ]; then
    again=$(fact interim_stopped)
    printf '%s' "$(seconds $((interim - stopped)))"
    if [ -n "$again" ] && [ "${served:-0}" -ge "$again" ]; then printf ', and %s when the package was put back' "$(seconds $((served - again)))"; fi
    return
  fi
  if [ -n "$stopped" ] && [ -n "$served" ] && [ "$served" -ge "$stopped" ]; then
    wall=$(($(date +%s) - $(uptime_ms) / 1000))
    printf '%s (%s to %s)' "$(seconds $((served - stopped)))" "$(date -d "@$((wall + stopped / 1000))" +%T)" "$(date -d "@$((wall + served / 1000))" +%T)"
  fi
}

# The budget decides nothing: a longer downtime is said, and written down for whoever asks later.
compare_downtime() {
  local stopped served
  stopped=$(fact stopped_at)
  served=$(fact served_at)
  [ -n "$belay_downtime_budget" ] && [ -n "$stopped" ] && [ -n "$served" ] || return 0
  [ $((served - stopped)) -gt "$belay_downtime_budget" ] || return 0
  say "downtime $(seconds $((served - stopped))) is $(above_budget $((served - stopped)) "$belay_downtime_budget")"
  # A full disk: it was said.
  [ -n "$(fact downtime_over)" ] || journal fact downtime_over "$((served - stopped)) $belay_downtime_budget" || :
}

# above_budget MS BUDGET: in words; with milliseconds where tenths of a second would not show it.
above_budget() {
  local budget="$2 ms"
  [ $(($2 % 100)) != 0 ] || budget=$(seconds "$2")
  [ "$(seconds "$1")" != "$budget" ] || budget="$budget by $(($1 - $2)) ms"
  printf 'above the budget of %s' "$budget"
}

# The new version's own .deb is the next release's way back: kept while the file that was installed is still there, so before a
# probation begins, too: "apt" removes what it downloaded.
keep_new_version() {
  local deb copy
  [ -z "$(fact kept_new)" ] || return 0
  deb=$(fact deb)
  [ -n "$deb" ] && [ -f "$deb" ] || { note 'the .deb that was installed is not there any more: not kept'; return 0; }
  choose_store || { say "could not keep a copy of $deb"; return 0; }
  case $(dpkg-deb --showformat '${Package} ${Version}' -W "$deb" 2>/dev/null) in
  "$belay_package $new_version")
    # Not written down (a full disk): what keeps too many ends it.
    if copy=$(keep_deb "$deb" "$kept_in"); then remember kept_new "$copy" || :; else say "could not keep a copy of $deb"; fi
    ;;
  *) note "$deb is not $belay_package $new_version any more: not kept" ;;
  esac
  keep_members
}

# What was taken back is nobody's way back.
drop_new_version() {
  local copy
  copy=$(fact kept_new)
  [ -z "$copy" ] || rm -f "$copy" "$copy.sha256"
}

# A version that passed ends the refusals of versions below it: apt may propose again.
write_pins_of_passed() {
  local version why
  [ -s "$state/refused" ] || return 0
  while IFS="$tab" read -r version why; do
    dpkg --compare-versions "$version" lt "$new_version" || printf '%s\t%s\n' "$version" "$why"
  done <"$state/refused" >"$state/refused.new" && mv "$state/refused.new" "$state/refused"
  [ -s "$state/refused" ] || rm -f "$state/refused"
  write_pins
}

# process_start PID: its start time in clock ticks since boot; a PID alone is used again.
process_start() {
  local line
  [ -r "/proc/$1/stat" ] && read -r line <"/proc/$1/stat" || return 1
  line=${line##*) }
  # shellcheck disable=SC2086 # fields of proc(5), split at white space
  set -- $line
  printf '%s' "${20}"
}
