# Probation: the checks passed, and for a declared time one that fails still takes the release back. It lasts until a look or a person
# decides; an interruption changes nothing.

# The checks passed: uses what judge found.
passed() {
  if [ -n "$tx_override" ] || [ -z "$belay_probation$belay_confirm_within" ]; then
    commit
    return
  fi
  say "checks $checks_ok/$checks_all ok$advisory"
  rm -f "$tx/clock"
  advance_clock pass # from now on
  [ -n "$(fact checking_at)" ] || remember_checking || return 1
  sync_file_systems
  enter probation "$(probation_words)" || return 1
  unwatch # the timer of an unproven version
  say "PROBATION $new_version (was ${old_version:-not installed}): $(probation_words); way back kept"
  [ -z "$belay_confirm_within" ] || tell "confirm   from a session that begins now (log in again): belay-$belay_package confirm"
  tell "go back   belay-$belay_package return"
  tell "accept    belay-$belay_package keep        (ends it now)"
  result_line
  write_status
  keep_watch
  notify probation
}

probation_words() {
  if [ -n "$belay_probation" ]; then
    printf 'its checks go on for %s, and one that fails takes it back' "$(duration "$belay_probation")"
  else
    printf 'its checks go on until it is confirmed'
  fi
  [ -z "$belay_confirm_within" ] || printf '; taken back if nobody confirms it within %s' "$(duration "$belay_confirm_within")"
}

# When the checks began, for confirm: the boot, and the milliseconds since it.
remember_checking() { remember checking_at "$(cat /proc/sys/kernel/random/boot_id) $(uptime_ms)"; }

# advance_clock pass|inconclusive|paused: sets probation_ran (time that counts for the probation) and probation_waited (for confirm).
# Measured by the uptime, which nobody can set; a host that is off is not watched, so that time does not count, nor does the time of a
# switch (paused); what is inconclusive is no part of a passed probation. Kept in a file, for a journal has a line a state and not a look;
# a disk that is full leaves the older line, and the next look counts from that.
advance_clock() {
  local boot='' last='' now passed=0 this
  probation_ran='' probation_waited=''
  this=$(cat /proc/sys/kernel/random/boot_id)
  now=$(uptime_ms)
  if [ -f "$tx/clock" ]; then read -r boot last probation_ran probation_waited <"$tx/clock" || :; fi # empty
  case $last:$probation_ran:$probation_waited in
  *[!0-9:]* | :* | *::* | *:) boot='' probation_ran=0 probation_waited=0 ;;
  esac
  [ "$boot" != "$this" ] || passed=$((now - last))
  case $1 in
  pass) probation_ran=$((probation_ran + passed)) probation_waited=$((probation_waited + passed)) ;;
  inconclusive) probation_waited=$((probation_waited + passed)) ;;
  esac
  printf '%s %s %s %s\n' "$this" "$now" "$probation_ran" "$probation_waited" >"$tx/clock.new" 2>/dev/null && sync "$tx/clock.new" &&
    mv "$tx/clock.new" "$tx/clock" || note 'cannot write how long the probation has lasted'
}

decide_probation() {
  case $verdict in
  fail)
    remember failed_check "$failed_check" || note "$reason"
    automatic_return "check '$failed_check' failed in probation: $failed_message"
    return
    ;;
  inconclusive)
    advance_clock inconclusive
    if [ -z "$(fact inconclusive)" ]; then
      remember inconclusive "$inconclusive_message" || return 1
      say "the probation of $new_version pauses, inconclusive: $inconclusive_message"
      write_status
      notify unproven
    fi
    ;;
  *)
    advance_clock pass
    [ -z "$(fact inconclusive)" ] || { remember inconclusive '' && say "the probation of $new_version goes on"; } || return 1
    ;;
  esac
  if [ -n "$belay_confirm_within" ] && [ -z "$(fact confirmed_by)" ]; then
    [ "$probation_waited" -lt "$belay_confirm_within" ] || automatic_return "not confirmed within $(duration "$belay_confirm_within")"
    return
  fi
  if [ "$verdict" = pass ] && [ "$probation_ran" -ge "${belay_probation:-0}" ]; then commit && settle_committed; fi
}

# settle comes by: what a look decides is left to the looks.
settle_watched() {
  configure_killed
  keep_watch
}

# What is left of the probation, for status.
probation_left() {
  local boot='' last ran='' waited='' inconclusive
  if [ -f "$tx/clock" ]; then read -r boot last ran waited <"$tx/clock" || :; fi # empty
  inconclusive=$(fact inconclusive)
  if [ -n "$belay_confirm_within" ] && [ -z "$(fact confirmed_by)" ]; then
    printf 'a confirmation within %s: log in again, then belay-%s confirm; or ' "$(time_left "$belay_confirm_within" "$waited")" "$belay_package"
  elif [ -n "$belay_probation" ]; then
    printf 'nothing: the checks go on for %s%s; or ' "$(time_left "$belay_probation" "$ran")" "${inconclusive:+ (paused, inconclusive: $inconclusive)}"
  fi
  printf 'belay-%s keep, belay-%s return' "$belay_package" "$belay_package"
}

# time_left MS SPENT
time_left() {
  local left=$(($1 - ${2:-0}))
  [ "$left" -ge 1000 ] || left=1000
  duration $((left / 1000 * 1000))
}
