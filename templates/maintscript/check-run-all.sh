# Runs the checks of one list side by side, each until its verdict stands.

# run_checks LIST NUMBERS FILE: LIST is check, gate_check or fallback_check
run_checks() {
  local list="$1" numbers="$2" file="$3" work n pid line pids='' started=0 lost=''
  if ! work="$(mktemp -d "$tx/checks.XXXXXX")"; then
    reason='cannot write the results of the checks'
    return 1
  fi
  for n in $numbers; do
    # without our descriptors: an orphan must not hold the lock
    (check_until_verdict "$list" "$n" "$work") </dev/null 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
    pids="$pids $!" started=$((started + 1))
    if [ "$((started % 8))" -eq 0 ]; then
      for pid in $pids; do wait "$pid" || :; done # the verdict is in the file
      pids=''
    fi
  done
  for pid in $pids; do wait "$pid" || :; done # the verdict is in the file
  for n in $numbers; do
    # A verdict is one line.
    { [ -f "$work/$n" ] && IFS= read -r line <"$work/$n" && printf '%s\n' "$line"; } || { lost=yes && lost_verdict "$list" "$n"; }
  done >"$file" || {
    reason='cannot write the results of the checks'
    return 1
  }
  # A check that has no room for its verdict was not killed.
  if [ -n "$lost" ] && ! cp "$file" "$work/room"; then
    reason='cannot write the results of the checks'
    return 1
  fi
  rm -rf "$work"
}

lost_verdict() {
  local name kind url tcp unit stays run user status body severity stage start_period interval timeout retries successes
  "$1_$2"
  printf '%s\tinconclusive\t%s\t0\t%s\tthe check was killed\n' "$2" "$severity" "$name"
}

# check_until_verdict LIST N DIRECTORY: a failure in the start period does not count, and no probe begins after the deadline
check_until_verdict() {
  local name kind url tcp unit stays run user status body severity stage start_period interval timeout retries successes
  local began asked now deadline code probe_message verdict='' failed=0 passed=0 command_output="$3/$2.output"
  "$1_$2"
  if fault_at "${file##*/}-$2"; then
    kind=run user='' run=$fault_command
    [ "$fault_action" != hang ] || run='trap "" TERM; while :; do sleep 1000; done' timeout=1000 interval=100 start_period=0
  fi
  began="$(uptime_ms)" || return 1
  # What is watched was started long ago, but for a boot.
  if [ -n "${watching-}" ]; then start_period=$((start_period > began ? start_period - began : 0)); fi
  deadline=$((began + start_period + (retries + successes) * (interval + timeout)))
  now="$began"
  while [ -z "$verdict" ]; do
    asked="$now" code=0 probe_message=''
    "probe_$kind" || code=$?
    now="$(uptime_ms)"
    case "$code" in
      0) passed=$((passed + 1)) failed=0 ;;
      69)
        passed=0 failed=0
        # Files that lie still say the same a second later.
        [ "${file##*/}" != before-check ] || verdict=inconclusive
        ;;
      75) verdict=skipped ;;
      78) verdict=fail ;;
      *)
        passed=0
        [ "$((asked - began))" -lt "$start_period" ] || failed=$((failed + 1))
        ;;
    esac
    [ -z "${watching-}" ] || remember_failures "$2"
    if [ -n "$verdict" ]; then
      :
    elif [ "$code" -eq 0 ] && [ "$passed" -ge "$successes" ]; then
      verdict=pass
    elif [ "$failed" -gt 0 ] && [ "$failed" -ge "$retries" ]; then
      verdict=fail
    elif [ "$((now + interval))" -ge "$deadline" ]; then
      verdict=fail
      [ "$code" -ne 69 ] || verdict=inconclusive
      [ "$code" -ne 0 ] || probe_message="passed only $passed of $successes times in a row"
    else
      sleep_ms "$interval"
      # the shell that asked is gone: nobody reads this any more
      kill -0 $$ 2>/dev/null || return 1
      now="$(uptime_ms)"
    fi
  done
  case $probe_message in
  *[[:cntrl:]]*) probe_message="$(printf '%s' "$probe_message" | tr '\n\t' '  ' | tr -d '\000-\037\177')" ;;
  esac
  [ "${#probe_message}" -le 400 ] || probe_message="$(printf '%s' "$probe_message" | cut -c 1-400)"
  printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$2" "$verdict" "$severity" "$((now - began))" "$name" "$probe_message" \
    >"$3/$2.new" && mv "$3/$2.new" "$3/$2"
}

# For status: how near a watched check is to its verdict. Of the look that is under way or was the last.
remember_failures() {
  if [ "$failed" -gt 0 ]; then
    printf '%s\t%s\t%s\n' "$failed" "$retries" "$name" 2>/dev/null >"$tx/failing-$1" || : # a full disk
  elif [ -e "$tx/failing-$1" ]; then
    rm -f "$tx/failing-$1"
  fi
}
