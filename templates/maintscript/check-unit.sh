# A smoke check of a systemd unit: it runs, was started after the unpack, runs what is on disk, and stays up.

probe_unit() {
  local load state substate pid restarts entered first_pid first_restarts began
  if [ ! -d /run/systemd/system ]; then
    probe_message='systemd does not run here'
    return 75
  fi
  if printf '%s\n' "${skipped_units-}" | grep -Fqx -- "$unit"; then
    probe_message="$unit was off before"
    return 75
  fi
  sample_unit || return 69
  judge_unit || return 1
  began="$(uptime_ms)" first_pid="$pid" first_restarts="$restarts"
  while [ "$(($(uptime_ms) - began))" -lt "$stays" ]; do
    sleep_ms "$((stays < 500 ? stays : 500))"
    sample_unit || return 69
    judge_unit || return 1
    if [ "$restarts" != "$first_restarts" ] || [ "$pid" != "$first_pid" ]; then
      probe_message="$unit did not stay up for $(duration "$stays"): it was restarted"
      return 1
    fi
  done
}

# sample_unit: sets load, state, substate, pid, restarts, entered
sample_unit() {
  local values
  if ! values="$(timeout -k 1 5 systemctl show -p LoadState -p ActiveState -p SubState -p MainPID -p NRestarts \
    -p ActiveEnterTimestampMonotonic -- "$unit" 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-)"; then
    probe_message="systemctl does not answer: $(printf '%s\n' "$values" | tail -n 1)"
    return 1
  fi
  load="$(property LoadState "$values")"
  state="$(property ActiveState "$values")"
  substate="$(property SubState "$values")"
  pid="$(property MainPID "$values")"
  restarts="$(property NRestarts "$values")"
  entered="$(property ActiveEnterTimestampMonotonic "$values")"
}

property() {
  printf '%s\n' "$2" | sed -n "s/^$1=//p"
}

# judge_unit: whether the sample is that of a unit that works
judge_unit() {
  local program
  if [ "$load" = not-found ]; then
    probe_message="there is no unit $unit"
    return 1
  fi
  if [ "$state" != active ]; then
    probe_message="$unit is $state ($substate)"
    return 1
  fi
  is_restarted || return 0
  if [ -n "${unpacked_monotonic_us-}" ] && [ "${entered:-0}" -lt "$unpacked_monotonic_us" ]; then
    probe_message="$unit was not started since the unpack"
    return 1
  fi
  [ "${pid:-0}" -gt 0 ] || return 0
  program="$(readlink "/proc/$pid/exe")" || return 0
  case "$program" in
    *' (deleted)')
      probe_message="$unit still runs the old program ${program% (deleted)}"
      return 1
      ;;
  esac
}

# is_restarted: whether this release restarts the unit; of any other unit only that it runs can be asked
is_restarted() {
  local n=1 wanted="$unit" unit enable on_upgrade
  while [ "$n" -le "$belay_services" ]; do
    "service_$n"
    if [ "$unit" = "$wanted" ]; then
      case "$on_upgrade" in
        restart | stop_start) return 0 ;;
      esac
    fi
    n=$((n + 1))
  done
  return 1
}
