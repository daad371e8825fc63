# The watch: a timer that looks at a version again which is installed and not settled (probation, unproven). It is transient, so that
# nothing of it can stay behind: after a boot the boot unit, armed until the transaction is settled, makes it again.

# keep_watch: the timer of the transaction's state runs; asked by everybody who comes by, it costs one look at a file then.
keep_watch() {
  local gap
  [ ! -e "/run/systemd/transient/$belay_unit-$tx_state.timer" ] || return 0
  if is_guest || [ -n "$tx_observed" ]; then return 0; fi
  gap=$(watch_gap)
  # The next apt run, or the boot, tries again.
  systemd-run --quiet --no-block --collect --unit="$belay_unit-$tx_state" --description="belay: watch $belay_package" \
    --on-active=100ms --on-unit-inactive="${gap}ms" --timer-property=AccuracySec=50ms \
    -p Type=oneshot -p KillMode=process -p TimeoutStartSec=infinity -p TimeoutStopSec=900 \
    /bin/sh "$state/belay" settle watch >>"$tx/log" 2>&1 </dev/null 9>&- || note 'the timer of the checks could not be started'
}

# watch_gap: prints the milliseconds between two looks. Never more often than a check's own interval; in probation at least sixty
# looks where the time allows it, and not seldomer than every 10 s.
watch_gap() {
  local n=1 longest=100 gap
  local name kind url tcp unit stays run user status body severity stage start_period interval timeout retries successes
  while [ "$n" -le "$belay_checks" ]; do
    "check_$n"
    if [ "$severity" = required ] && [ "$interval" -gt "$longest" ]; then longest=$interval; fi
    n=$((n + 1))
  done
  if [ "$tx_state" = probation ]; then
    gap=${belay_probation:-0}
    [ "${belay_confirm_within:-0}" -le "$gap" ] || gap=$belay_confirm_within
    gap=$((gap / 60))
    [ "$gap" -le 10000 ] || gap=10000
  else
    # What is missing may be missing for days.
    gap=$((longest * 30))
    [ "$gap" -le 60000 ] || gap=60000
  fi
  [ "$gap" -ge "$longest" ] || gap=$longest
  echo "$gap"
}
