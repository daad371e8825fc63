# What the deferred unit does while the front end of the run lives still, that front end is told: its hook waits for the unit and passes
# it on. apt keeps dpkg's lock until its hooks are through; aptitude lets go of it before, so the unit may be the first there (T).

# The process that the run was prepared for lives: 0.
run_lives() {
  local run
  run=$(fact run_by)
  [ -n "$run" ] && [ "$tx_boot" = "$(cat /proc/sys/kernel/random/boot_id)" ] && [ "$(process_start "${run%% *}")" = "${run#* }" ]
}

# 0: this hook is that run's.
is_hook_of_run() {
  local run
  run_lives || return 1
  run=$(fact run_by)
  is_ancestor "${run%% *}"
}

# From here on say, tell and result_line write to a file, too.
tell_run() {
  told=''
  if run_lives && true >>"$state/told"; then told=$state/told; fi
}

# Nothing was said: nobody has to be told.
has_told_run() {
  [ -z "$told" ] || [ -s "$told" ] || rm -f "$told"
  told=''
}

# For the hook. 0: the unit has done, or tried, what was to be done for this run, and what it said has been passed on.
unit_has_told() {
  [ -e "$state/told" ] || return 1
  # A run that was killed has no hook: the next run's takes it away.
  if ! load_last || ! is_hook_of_run; then
    flock -n "$state/lock" rm -f "$state/told" || : # the unit is at work on it
    return 1
  fi
  # The unit never waits for anything while it holds our lock.
  flock -w 3600 "$state/lock" true || return 1
  cat "$state/told" >&2 || : # nobody reads
  rm -f "$state/told"
}
