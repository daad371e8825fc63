# Probation: the checks passed, and for a declared time one that fails still takes the release back. It lasts until a look or a person
# decides; an interruption changes nothing.

# The checks passed: uses what judge found.
passed() {
  if [ -n "$tx_override" ] || [ -z "$belay_probation$belay_confirm_within" ]; then
    commit
    return
  fi
  say "checks $checks_ok/$checks_all ok$advisory"
  rm -f "$tx/clock" "$tx"/failing-*
  advance_clock pass # from now on
  [ -n "$(fact checking_at)" ] || remember_checking || return 1
  keep_new_version
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

# read_probation: sets probation_left and confirm_left (milliseconds; empty: nothing of that is waited for), paused and checked_since, for
# status. As of the last look: nothing runs out between two.
read_probation() {
  local boot='' last ran='' waited='' checking now
  probation_left='' confirm_left='' checked_since=''
  if [ -f "$tx/clock" ]; then read -r boot last ran waited <"$tx/clock" || :; fi # empty
  paused=$(fact inconclusive)
  [ -z "$belay_probation" ] || probation_left=$(left_of "$belay_probation" "$ran")
  if [ -z "$belay_confirm_within" ] || [ -n "$(fact confirmed_by)" ]; then return 0; fi
  confirm_left=$(left_of "$belay_confirm_within" "$waited")
  # The facts have an uptime, people a clock: as that is now. Of an earlier boot no session is left.
  checking=$(fact checking_at)
  if [ "${checking%% *}" = "$(cat /proc/sys/kernel/random/boot_id)" ]; then checking=${checking##* }; else checking=0; fi
  now=$(date +%s%3N)
  now=$((now - $(uptime_ms) + checking))
  checked_since=$(date -u -d "@$((now / 1000)).$(printf '%03d' $((now % 1000)))" +%FT%T.%3NZ)
}

# left_of MS SPENT
left_of() {
  local left=$(($1 - ${2:-0}))
  [ "$left" -gt 0 ] || left=0
  echo "$left"
}

probation_json() {
  local file failed retries name failures=''
  if [ "$tx_state" != probation ]; then
    printf null
    return
  fi
  read_probation
  for file in "$tx"/failing-*; do
    IFS="$tab" read -r failed retries name 2>/dev/null <"$file" || continue # none, or it passed meanwhile
    failures="$failures${failures:+, }{\"check\": $(json_text "$name"), \"in_a_row\": $failed, \"retries\": $retries}"
  done
  printf '{"left_ms": %s, "paused": %s, "failures": [%s], "confirm": {"awaited": %s, "left_ms": %s, "session_after": %s, "confirmed_by": %s}}' \
    "${probation_left:-null}" "$(json_text "$paused")" "$failures" "$([ -n "$confirm_left" ] && echo true || echo false)" \
    "${confirm_left:-null}" "$(if [ -n "$checked_since" ]; then json_text "$checked_since"; else echo null; fi)" "$(json_text "$(fact confirmed_by)")"
}

# What is left of it, in lines of status.
probation_lines() {
  local file failed retries name
  read_probation
  [ -z "$probation_left" ] || line_of probation "$(time_left "$probation_left") left${paused:+ (paused, inconclusive: $paused)}"
  [ -z "$confirm_left" ] || line_of confirm "$(time_left "$confirm_left") left, from a session that began after $checked_since"
  for file in "$tx"/failing-*; do
    IFS="$tab" read -r failed retries name 2>/dev/null <"$file" || continue # none, or it passed meanwhile
    line_of failing "'$name', $failed in a row; $retries take it back"
  done
  if [ -n "$confirm_left" ]; then
    line_of owed "a confirmation: log in again, then belay-$belay_package confirm; or belay-$belay_package keep, belay-$belay_package return"
  else
    line_of owed "nothing: the checks go on; or belay-$belay_package keep, belay-$belay_package return"
  fi
}

# time_left MS: the next look decides
time_left() {
  if [ "$1" -lt 1000 ]; then duration 1000; else duration $(($1 / 1000 * 1000)); fi
}
