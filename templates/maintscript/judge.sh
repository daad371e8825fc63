# Smoke checks: the baseline on the old version, the verdict on the new one, the judgement of what was put back.

run_baseline() {
  in_baseline=true
  run_checks check "$(numbers_to "$belay_checks")" "$tx/baseline" || : # a verdict, not an error: the table decides
  in_baseline=''
  sync "$tx/baseline"
}

# verdict_of N FILE
verdict_of() {
  local n verdict rest
  while IFS="$tab" read -r n verdict rest; do
    if [ "$n" = "$1" ]; then
      printf '%s' "$verdict"
      return 0
    fi
  done <"$2"
  printf 'none'
}

# look LIST NUMBERS FILE: runs the checks, judges, and remembers when the first required one passed: the service answered then.
look() {
  local began
  began=$(uptime_ms)
  if ! run_checks "$1" "$2" "$3"; then
    # Nobody knows what they said: not proved is not inconclusive, which would keep it.
    verdict=fail failed_check=all failed_number=1 failed_message=$reason failed_ms=0 checks_ok=0 checks_all=$belay_checks advisory=''
    return
  fi
  if [ "$3" = "$tx/checks" ]; then judge "$3" new; else judge "$3"; fi
  if [ "$verdict" = pass ] && [ -n "$first_pass_ms" ]; then remember served_at $((began + first_pass_ms)); fi
}

# judge FILE [new]: new: what passed before anything changed (stage before) counts for the new version.
# Sets verdict (pass | fail | inconclusive) from the required checks, failed_check and failed_message of the first that fails.
judge() {
  local n result severity ms name message passed=0
  verdict=pass first_pass_ms='' failed_check='' failed_message='' failed_ms=0 checks_ok=0 checks_all=0 advisory=''
  if [ "${2-}" = new ]; then
    passed=$(passed_before required) checks_ok=$(passed_before '[a-z]*') checks_all=$(told_before)
  fi
  while IFS="$tab" read -r n result severity ms name message; do
    checks_all=$((checks_all + 1))
    [ "$result" != pass ] || checks_ok=$((checks_ok + 1))
    if [ "$severity" != required ]; then
      [ "$result" = pass ] || advisory="$advisory, advisory: $name: $message"
      continue
    fi
    case $result in
    pass)
      passed=$((passed + 1))
      if [ -z "$first_pass_ms" ] || [ "$ms" -lt "$first_pass_ms" ]; then first_pass_ms=$ms; fi
      ;;
    fail)
      if [ -z "$failed_check" ]; then failed_check=$name failed_message=$message failed_ms=$ms failed_number=$n; fi
      verdict=fail
      ;;
    inconclusive)
      [ "$verdict" = fail ] || verdict=inconclusive
      inconclusive_message="$name: $message"
      ;;
    esac
  done <"$1"
  # Skipped checks prove nothing: with no required pass at all the version is unproved (invariant 2).
  if [ "$verdict" = pass ] && [ "$passed" -eq 0 ]; then
    verdict=inconclusive inconclusive_message='no required check could run'
  fi
}

# The old version is judged by what did not fail in its baseline (design, section 4): prints LIST and numbers.
old_checks() {
  local n=1
  if [ "$belay_fallback_checks_same" != true ]; then
    numbers_to "$belay_fallback_checks"
    return
  fi
  while [ "$n" -le "$belay_checks" ]; do
    if [ ! -f "$tx/baseline" ]; then
      printf '%s ' "$n"
    else
      case $(verdict_of "$n" "$tx/baseline") in
      fail) ;;
      *) printf '%s ' "$n" ;;
      esac
    fi
    n=$((n + 1))
  done
}

seconds() {
  printf '%d.%d s' $(($1 / 1000)) $(($1 % 1000 / 100))
}
