# status: for people, as JSON for programs, and as a file for monitoring.

# json_text TEXT: a JSON string, quotes included.
json_text() {
  case $1 in
  *[!A-Za-z0-9\ .,:+~_/-]*) ;;
  *)
    printf '"%s"' "$1"
    return
    ;;
  esac
  printf '"%s"' "$(printf '%s' "$1" | LC_ALL=C tr '\000-\037\177' ' ' | sed 's/\\/\\\\/g; s/"/\\"/g')"
}

# The switches that are on, in one text; empty: none.
switches_on() {
  local text=''
  ! suspended || text=", $suspended_by: $suspended_because"
  [ ! -e "$state/override" ] || text="$text, override"
  read_policy || text="$text, policy is wrong"
  [ "$policy_mode" = enforce ] || text="$text, observe"
  [ "$policy_way_back" = required ] || text="$text, way_back=optional"
  [ -z "$policy_freeze" ] || text="$text, freeze: $policy_freeze"
  [ -z "$tx" ] || has_way_back || text="$text, no way back"
  printf '%s' "${text#, }"
}

status_word() {
  if suspended && [ -L "$state/open" ]; then
    printf 'hands-off'
    return
  fi
  case $tx_state in
  '') printf 'none' ;;
  prepared | unpacked | saved | updating | checking | returning)
    if running; then printf 'running'; else printf 'owed'; fi
    ;;
  *) printf '%s' "$tx_state" ;;
  esac
}

# 0: somebody is at work: our lock, or dpkg's, is held.
running() {
  [ "$(lock_owner /var/lib/dpkg/lock)" != 0 ] || ! flock -n "$state/lock" true 9>&-
}

# What needs a person stays 2, whatever is switched off.
status_exit() {
  case $tx_state in
  stranded | held) return 2 ;;
  esac
  if suspended; then return 3; fi
  case $tx_state in
  '' | committed | probation) return 0 ;;
  returned | refused | aborted) return 1 ;;
  *) return 3 ;;
  esac
}

status_json() {
  local version why refused=''
  dpkg_state
  if [ -s "$state/refused" ]; then
    while IFS="$tab" read -r version why; do
      refused="$refused${refused:+, }{\"version\": $(json_text "$version"), \"why\": $(json_text "$why")}"
    done <"$state/refused"
  fi
  printf '{"format": 1, "package": %s, "installed": %s, "dpkg_status": %s, "state": %s, "display": %s, "interim": %s, "from": %s, "to": %s, "transaction": %s, "since": %s, "why": %s, "check": %s, "way_back": %s, "override": %s, "suspended": %s, "switches": %s, "refused": [%s], "probation": %s}\n' \
    "$(json_text "$belay_package")" "$(json_text "$dpkg_version")" "$(json_text "$dpkg_status")" "$(json_text "$tx_state")" "$(json_text "$(status_word)")" "$(json_text "$(interim_words)")" \
    "$(json_text "$old_version")" "$(json_text "$new_version")" "$(json_text "${tx##*/}")" "$(json_text "${tx_since-}")" "$(json_text "${tx_failed-}")" \
    "$(json_text "$([ -z "$tx" ] || fact failed_check)")" "$(json_text "$([ -z "$tx" ] || fact way_back)")" "$([ -e "$state/override" ] && echo true || echo false)" \
    "$(suspended && echo true || echo false)" "$(json_text "$(switches_on)")" "$refused" "$(probation_json)"
}

# The same for monitoring, without any command's output (0644).
write_status() {
  [ -z "${DPKG_ROOT:-}" ] || return 0
  # One at a time, and the last one is the one that stays.
  [ -z "$status_writer" ] || wait "$status_writer" || : # what it could not write is written now
  status_writer=''
  [ -d /run/belay ] || (umask 022 && mkdir -p /run/belay) 2>/dev/null || return 0 # no /run here: nobody monitors
  [ "${1-}" = known ] || dpkg_state
  umask 022 # monitoring is not root
  printf '{"format": 1, "package": %s, "installed": %s, "state": %s, "interim": %s, "from": %s, "to": %s, "transaction": %s, "switches": %s, "since": %s}\n' \
    "$(json_text "$belay_package")" "$(json_text "$dpkg_version")" "$(json_text "$tx_state")" "$(json_text "$(interim_words)")" "$(json_text "$old_version")" \
    "$(json_text "$new_version")" "$(json_text "${tx##*/}")" "$(json_text "$(switches_on)")" "$(json_text "$(date -u +%FT%TZ)")" >"$run_file.new" 2>/dev/null &&
    mv "$run_file.new" "$run_file" || note 'could not write the status for monitoring'
  umask 077
}

deferred_unit_runs() {
  case $(manager show -p ActiveState --value -- "$belay_unit-deferred.service" 2>/dev/null) in # no init: nothing runs
  activating | active) return 0 ;;
  esac
  return 1
}

timeline() {
  LC_ALL=C sed -n "s/^[0-9-]*T\\([0-9:]*\\)[^$tab]*${tab}state${tab}\\([a-z]*\\)${tab}.*${tab}\\.\$/\\1 \\2/p" "$tx/journal" | sed -e ':a' -e '$!N' -e 's/\n/ · /' -e 'ta'
}

# Each line says which switch is on: one of them alone, copied into a ticket, has to be honest too.
line_of() { printf '%-10s %s%s\n' "$1" "$2" "${switches:+   [$switches]}"; }

verb_status() {
  local word down over version why n path restore_when copy max_size exclude unprotected='' switches text
  case ${1-} in
  --json)
    load_last || :
    status_json
    status_exit
    return
    ;;
  --wait)
    # What nobody works on any more does not end by waiting: the lines below say what to do then.
    while load_open && [ "$tx_state" != unproven ] && [ "$tx_state" != probation ] && { running || deferred_unit_runs; }; do sleep 0.2; done
    ;;
  '') ;;
  *) usage "status does not know '$1'"; return 64 ;;
  esac
  load_last || :
  dpkg_state
  word=$(status_word)
  switches=$(switches_on)
  ! suspended || line_of "$(suspended_word)" "nothing is done by itself; what is owed stays recorded; end it: $(
    case $suspended_by in hold) echo "belay-$belay_package unhold" ;; *) echo "rm $hands_off; then: belay-$belay_package resume" ;; esac
  )"
  [ ! -e "$state/override" ] || line_of OVERRIDE "$state/override is there: no gate, no snapshot, no step"
  read_policy || line_of policy "WRONG, so every update is refused: $policy_wrong"
  text=$(policy_text)
  [ -z "$text" ] || line_of policy "$text"
  line_of "$belay_package" "${dpkg_version:-not} installed (dpkg: ${dpkg_status% }), $(if is_guest; then echo 'no init here'; elif interim_serves; then echo "$old_version serving in the interim"; elif declared_units_run; then echo serving; else echo 'NOT serving'; fi)   $(printf '%s' "$word" | tr '[:lower:]' '[:upper:]')${old_version:+, from $old_version}${new_version:+ to $new_version}"
  if [ -n "$tx" ]; then
    [ -z "$tx_failed" ] || line_of why "$tx_failed"
    text=$(interim_words)
    [ -z "$text" ] || line_of interim "$text"
    [ -z "$tx_observed" ] || line_of would "have returned because $tx_observed"
    text=$(fact would_refuse)
    [ -z "$text" ] || line_of would "have refused because $text"
    text=$(fact overridden)
    [ -z "$text" ] || line_of overridden "$text"
    line_of timeline "$(timeline)"
    down=$(downtime)
    over=$(fact downtime_over)
    [ -z "$down" ] || line_of downtime "$down${over:+, $(above_budget "${over% *}" "${over#* }")}"
    n=$(if [ "$tx_state" = returned ]; then echo "$tx/old-checks"; else echo "$tx/checks"; fi)
    [ ! -f "$n" ] || line_of checks "$(passed_of "$n") pass            now: belay-$belay_package check"
    line_of 'way back' "$(if [ -z "$old_version" ]; then echo 'removal (first install)'; elif ! has_way_back; then echo "NONE: $(fact way_back_missing)"; else echo "$(fact way_back): $(fact previous_deb)"; fi)"
    [ ! -d "$tx/snapshot" ] || line_of data "snapshot $(du -sh "$tx/snapshot" 2>/dev/null | cut -f 1); set aside: $(set_aside_summary)"
  fi
  n=1
  while [ "$n" -le "$belay_paths" ]; do
    "path_$n"
    [ "$copy" = copy ] || unprotected="$unprotected $path"
    n=$((n + 1))
  done
  [ -z "$unprotected" ] || line_of 'NOT protected' "$unprotected"
  if [ -s "$state/refused" ]; then
    while IFS="$tab" read -r version why; do
      line_of refused "$version (allow: belay-$belay_package unblock $version)"
    done <"$state/refused"
  fi
  case $word in
  hands-off) line_of owed "$tx_state, and nothing is done by itself; now: belay-$belay_package resume, or belay-$belay_package return" ;;
  owed)
    if of_another_machine; then
      line_of owed "a decision: this is a copy of another machine (machine-id $tx_machine), so nothing happens by itself; settle it here: belay-$belay_package resume"
    elif [ "$tx_state" = returning ] && no_room; then
      line_of owed "a return: it waits for room in $no_room_in and goes on by itself"
    elif [ "$tx_state" = unpacked ] && waits_for_configure; then
      line_of owed "a configure, because the run ended before it: dpkg --configure -a (as the next run of apt does) checks $new_version, and takes it back if it fails"
      line_of or "belay-$belay_package return now; the next boot takes it back by itself"
    else
      line_of owed "a return or a configure: it starts by itself when dpkg's lock is free, at the latest at boot; now: belay-$belay_package resume"
    fi
    ;;
  running) line_of owed "$tx_state, at work; follow: belay-$belay_package status --wait" ;;
  held)
    if has_way_back; then
      text="belay-$belay_package return --accept-loss"
    else
      text="Plan B by hand: less $tx/plan-b.txt"
    fi
    line_of owed "a decision: belay-$belay_package keep, or $text"
    ;;
  stranded) line_of owed "Plan B: less $tx/plan-b.txt" ;;
  probation) probation_lines ;;
  unproven)
    if [ -n "$tx_observed" ]; then
      line_of owed "a decision: belay-$belay_package keep, or belay-$belay_package return"
    else
      line_of owed "a verdict: its checks are asked again by themselves; now: belay-$belay_package check"
    fi
    ;;
  *) line_of owed nothing ;;
  esac
  status_exit
}

# passed_of FILE: "2/3", with what was told before anything changed and not asked again.
passed_of() {
  local passed all before=0 told=0
  if [ "$1" = "$tx/checks" ]; then before=$(passed_before '[a-z]*') told=$(told_before); fi
  passed=$(grep -c "^[0-9]*${tab}pass" "$1") || :
  all=$(grep -c . "$1") || :
  printf '%s/%s' "$((passed + before))" "$((all + told))"
}

declared_units_run() {
  local n=1 unit enable on_upgrade
  while [ "$n" -le "$belay_services" ]; do
    "service_$n"
    manager is-active --quiet -- "$unit" || return 1
    n=$((n + 1))
  done
}
