# The release's units: what they were before, stopping and starting them as deb-systemd-invoke (policy-rc.d) allows.

# The manager, bounded: a hung bus must not hang an apt run.
manager() {
  timeout 90 systemctl "$@" 9>&-
}

# Records each unit's state before anything changes, in $tx/units: NUMBER<tab>UNIT<tab>ACTIVE<tab>ENABLED<tab>TRIGGERS<tab>DEPENDENTS
# ("-" for none: white space in IFS folds empty fields).
# A foreign prerm may have stopped a unit just before (catalogue 1.4): inactive since dpkg started counts as active.
# Active: yes, no, or "failed": enabled and crashed. Nobody switched that off, so the new version is started, as deb-systemd-invoke does
# it; that the old one does not start after a return is then as it was.
record_units() {
  local n=1 unit enable on_upgrade active enabled triggers dependents
  true >"$tx/units.new" || { reason="cannot write $tx/units"; return 1; }
  while [ "$n" -le "$belay_services" ]; do
    "service_$n"
    active=no enabled=unknown triggers='' dependents=''
    if [ -z "$tx_guest" ]; then
      enabled=$(manager is-enabled -- "$unit" 2>/dev/null) || : # "disabled" exits with 1
      case $(manager show -p ActiveState -p SubState --value -- "$unit" 2>/dev/null | tr '\n' ' ')$enabled in # no such unit yet: inactive
      "activating auto-restart "* | "failed failed enabled"*) active=failed ;;
      "active "* | "reloading "* | "activating "*) active=yes ;;
      *) ! stopped_by_this_run || active=yes ;;
      esac
      triggers=$(active_units TriggeredBy)
      dependents=$(active_units RequiredBy)$(active_units BoundBy)$(active_units ConsistsOf)
    fi
    printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$n" "$unit" "$active" "${enabled:-unknown}" "${triggers:--}" "${dependents:--}" >>"$tx/units.new" || return 1
    n=$((n + 1))
  done
  sync "$tx/units.new" && mv "$tx/units.new" "$tx/units"
}

# active_units PROPERTY: the units that the property of $unit names and that run.
active_units() {
  local other
  for other in $(manager show -p "$1" --value -- "$unit" 2>/dev/null); do # no such unit: none
    if manager is-active --quiet -- "$other"; then printf '%s ' "$other"; fi
  done
}

# The manager forgets a stopped unit at once, so its journal is asked; where that keeps nothing, an enabled unit counts as running.
stopped_by_this_run() {
  [ -n "$run_started" ] && [ -e "/var/lib/dpkg/info/$belay_package.prerm" ] || return 1
  if journalctl --quiet --boot --lines=1 >/dev/null 2>&1; then
    # 9d1aaa27…: SD_MESSAGE_UNIT_STOPPED, systemd.journal-fields(7)
    journalctl --quiet --boot --since="@$run_started" --output=cat "UNIT=$unit" MESSAGE_ID=9d1aaa27d60140bd96365438aad20286 2>/dev/null | grep -q .
  else
    manager is-enabled --quiet -- "$unit" 2>/dev/null # not there: not running
  fi
}

# unit_was N: sets was_active, was_enabled, was_triggers and was_dependents from the record.
unit_was() {
  local n unit
  while IFS="$tab" read -r n unit was_active was_enabled was_triggers was_dependents; do
    if [ "$n" = "$1" ]; then
      [ "$was_triggers" != - ] || was_triggers=''
      [ "$was_dependents" != - ] || was_dependents=''
      return 0
    fi
  done <"$tx/units"
  was_active=no was_enabled=unknown was_triggers='' was_dependents=''
  return 1
}

# Units that were off before, or may not run: their checks are skipped. Sets skipped_units.
find_skipped_units() {
  local n unit was_active was_enabled was_triggers was_dependents
  skipped_units=''
  [ -n "$old_version" ] && [ -z "$never_configured" ] && [ -f "$tx/units" ] || return 0
  while IFS="$tab" read -r n unit was_active was_enabled was_triggers was_dependents; do
    if [ "$was_active" = no ]; then
      skipped_units="$skipped_units$unit$newline"
    fi
  done <"$tx/units"
}

# 0: policy-rc.d lets ACTION be done to UNIT (101 forbids; rule 68).
policy_allows() {
  local answer=0
  [ -x /usr/sbin/policy-rc.d ] || return 0
  /usr/sbin/policy-rc.d "$1" "$2" >/dev/null 2>&1 || answer=$?
  [ "$answer" -ne 101 ]
}

# act ACTION UNIT: in a maintainer script by deb-systemd-invoke (rule 66); settle has asked policy-rc.d itself and spares the perl.
act() {
  if [ -n "$in_settle" ]; then
    policy_allows "$2" "$1" || return 0
    manager "$1" -- "$2"
  else
    deb-systemd-invoke "$1" "$2" 9>&-
  fi
}

# stop_unit UNIT TRIGGERS: with the sockets, timers and paths that would start it again. What a version that crashed has used up of the
# starts that systemd allows (StartLimitBurst=) is not held against the next one: a reload forgets it in systemd 252, not in 257 (T).
stop_unit() {
  local trigger now counted=''
  for trigger in $2; do
    act stop "$trigger" >>"$tx/log" 2>&1 || note "could not stop $trigger"
  done
  if ! act stop "$1" >>"$tx/log" 2>&1 && [ "$(manager show -p LoadState --value -- "$1" 2>/dev/null)" = loaded ]; then
    reason="cannot stop $1"
    return 1
  fi
  policy_allows "$1" stop || return 0
  now=$(manager show -p ActiveState -p NRestarts -- "$1")
  case $now in
  *ActiveState=inactive* | *ActiveState=failed*) ;;
  *) reason="$1 does not stop"; return 1 ;;
  esac
  case $now in
  *ActiveState=failed* | *NRestarts=[1-9]*) counted=yes ;;
  esac
  # In the interim, and before it, others of the run restart it, which counts as well.
  if [ -n "$counted$in_interim" ] || finished interim; then
    manager reset-failed -- "$1" >>"$tx/log" 2>&1 || : # forgotten meanwhile, and its starts with it
  fi
}

# stop_services [MODE]: MODE upgrade = those that on_upgrade or quiesce stops; start = stop_start only; all = every one.
stop_services() {
  local n="$belay_services" unit enable on_upgrade was_active was_enabled was_triggers was_dependents
  [ -z "$tx_guest" ] || return 0
  while [ "$n" -ge 1 ]; do
    "service_$n"
    unit_was "$n" || :
    case $1:$on_upgrade:$belay_quiesce in
    all:* | upgrade:restart:* | upgrade:stop_start:* | start:stop_start:* | upgrade:none:stop)
      if [ "$was_active" = yes ] && [ -z "$(fact stopped_at)" ]; then remember stopped_at "$(uptime_ms)" || return 1; fi
      stop_unit "$unit" "$was_triggers" || return 1
      ;;
    esac
    n=$((n - 1))
  done
}

# start_unit UNIT WAS_ACTIVE TRIGGERS DEPENDENTS
start_unit() {
  local trigger status=0
  if ! policy_allows "$1" start; then
    note "policy-rc.d does not let $1 be started"
    return 0
  fi
  for trigger in $3; do
    manager start -- "$trigger" >>"$tx/log" 2>&1 || note "could not start $trigger"
  done
  if [ -n "$in_settle" ] && [ "$2" = yes ]; then
    # It ran before: that is all there is to ask, and only a mask stands against it.
    manager start -- "$1" >>"$tx/log" 2>&1 || status=$?
    if [ "$status" -ne 0 ] && [ "$(manager show -p LoadState --value -- "$1" 2>/dev/null)" = masked ]; then return 0; fi
    start_dependents "$1" "$status" "$4"
    return
  fi
  # deb-systemd-invoke starts no disabled unit; one that an administrator ran by hand was running all the same.
  case $(manager is-enabled -- "$1" 2>/dev/null) in
  enabled*) act start "$1" >>"$tx/log" 2>&1 || status=$? ;;
  masked*) return 0 ;;
  *) [ "$2" = no ] || manager start -- "$1" >>"$tx/log" 2>&1 || status=$? ;;
  esac
  start_dependents "$1" "$status" "$4"
}

# The last line that it left in the journal; without one, what systemd says of its state.
last_words_of_unit() {
  manager status --no-pager -n 3 -- "$1" 2>&1 | sed -n -e '/^[A-Z][a-z][a-z] [0-9 ][0-9] /{s/^[^:]*:[^:]*:[^ ]* [^ ]* //;h;}' -e '/^ *Active: /{s/^ *//;h;}' -e '${x;p;}'
}

# start_dependents UNIT STATUS DEPENDENTS: what required it was stopped with it, and is not ours to leave stopped.
start_dependents() {
  local dependent
  if [ "$2" -ne 0 ]; then
    reason="$1 does not start: $(last_words_of_unit "$1")"
    return 1
  fi
  for dependent in $3; do
    manager is-active --quiet -- "$dependent" || manager start -- "$dependent" >>"$tx/log" 2>&1 || say "could not start $dependent again"
  done
}

# Starts what ran before, and on a first install what the release enables. Dependencies decide the order, so all are tried.
start_services() {
  local n=1 unit enable on_upgrade was_active was_enabled was_triggers was_dependents failed=0 first_reason=''
  [ -z "$tx_guest" ] || return 0
  while [ "$n" -le "$belay_services" ]; do
    "service_$n"
    unit_was "$n" || was_active=unknown
    # A version that was only unpacked, or whose first postinst failed, had not come to start anything.
    if [ "$enable" = true ] && { [ -z "$old_version" ] || [ -n "$never_configured" ]; }; then was_active=first; fi
    if [ "$was_active" != no ]; then
      if ! start_unit "$unit" "$was_active" "$was_triggers" "$was_dependents"; then
        if [ -n "$in_settle" ] && [ "$was_active" = failed ]; then
          note "$reason, as before"
        else
          failed=1 first_reason=${first_reason:-$reason}
        fi
      fi
    fi
    n=$((n + 1))
  done
  reason=$first_reason
  return "$failed"
}

# 0: every unit that ran before still runs.
services_run() {
  local n=1 unit was_active was_enabled was_triggers was_dependents enable on_upgrade
  [ -z "$tx_guest" ] || return 0
  while [ "$n" -le "$belay_services" ]; do
    "service_$n"
    unit_was "$n" || :
    if [ "$was_active" = yes ] && ! manager is-active --quiet -- "$unit"; then return 1; fi
    n=$((n + 1))
  done
}

# 0: at least one of them runs, or comes up.
any_service_runs() {
  local n=1 unit enable on_upgrade
  while [ "$n" -le "$belay_services" ]; do
    "service_$n"
    case $(manager show -p ActiveState --value -- "$unit" 2>/dev/null) in # no such unit: nothing runs
    inactive | failed | '') ;;
    *) return 0 ;;
    esac
    n=$((n + 1))
  done
  return 1
}

# 0: at least one of them runs, comes up, or was started since the boot.
any_service_ran() {
  local n=1 unit enable on_upgrade
  while [ "$n" -le "$belay_services" ]; do
    "service_$n"
    case $(manager show -p ActiveState -p InvocationID -- "$unit" 2>/dev/null) in # no such unit: nothing was started
    *InvocationID=[0-9a-f]* | *ActiveState=[abdfr]*) return 0 ;; # every state but inactive
    esac
    n=$((n + 1))
  done
  return 1
}

# Enablement as before, in both directions (invariant 4).
restore_enablement() {
  local n unit was_active was_enabled was_triggers was_dependents now
  [ -z "$tx_guest" ] || return 0
  while IFS="$tab" read -r n unit was_active was_enabled was_triggers was_dependents; do
    now=$(manager is-enabled -- "$unit" 2>/dev/null) || : # "disabled" exits with 1
    [ "$now" != "$was_enabled" ] || continue
    case $was_enabled:$now in
    enabled:disabled) manager enable --quiet -- "$unit" >>"$tx/log" 2>&1 || note "could not enable $unit" ;;
    disabled:enabled) manager disable --quiet -- "$unit" >>"$tx/log" 2>&1 || note "could not disable $unit" ;;
    esac
  done <"$tx/units"
}

# A unit that contains the very apt that runs us would be stopped with us in it.
own_cgroup_unit() {
  local n=1 unit enable on_upgrade
  while [ "$n" -le "$belay_services" ]; do
    "service_$n"
    if grep -q "/$(printf '%s' "$unit" | sed 's/[.[\*^$\\]/\\&/g')\\(/\\|\$\\)" /proc/self/cgroup; then
      own_unit=$unit
      return 0
    fi
    n=$((n + 1))
  done
  return 1
}
