# The verbs of belay-PACKAGE. Exit: status by Nagios' meaning; else 0 done, 1 not good, 64 usage, 74 could not.

usage() {
  printf 'belay: error: %s\n' "$1" >&2
  printf 'belay: hint: belay-%s status | check | history | log [SEQ] | plan [update|fallback|b] | verify | preflight FILE.deb | return [--accept-loss] | keep | confirm | unblock VERSION | hold REASON | unhold | resume | prune\n' "$belay_package" >&2
  return 64
}

could_not() {
  printf 'belay: error: %s\n' "$1" >&2
  return 74
}

verb_check() {
  load_last || :
  if [ "$tx_state" = unproven ] && [ -L "$state/open" ]; then
    settle person
    load_last
    case $tx_state in
    committed | probation) return 0 ;;
    *) return 1 ;;
    esac
  fi
  skipped_units='' unpacked_monotonic_us=''
  tx=$(mktemp -d /run/belay-check.XXXXXX) || { could_not 'cannot make a directory in /run'; return 74; }
  run_checks check "$(numbers_to "$belay_checks")" "$tx/checks" || : # judged below
  judge "$tx/checks"
  while IFS="$tab" read -r n result severity ms name message; do
    printf '%-12s %-9s %s: %s\n' "$result" "$severity" "$name" "$message"
  done <"$tx/checks"
  rm -rf "$tx"
  [ "$verdict" = pass ]
}

verb_history() {
  local directory
  for directory in "$state"/transactions/*/; do
    load_transaction "${directory%/}" || continue
    printf '%s  %s  %-16s -> %-16s  %-9s %s\n' "$(sequence)" "$(fact_time)" "${old_version:-none}" "$new_version" "${tx_state:-begun}" "$(one_line "$tx_failed")"
  done | sed 's/ *$//'
}

fact_time() {
  local when rest
  IFS="$tab" read -r when rest <"$tx/journal"
  printf '%s' "${when%.*}Z"
}

# find_transaction [SEQ]: loads it, or the last one.
find_transaction() {
  local directory
  if [ -z "${1-}" ]; then
    load_last || { could_not "there is no transaction of $belay_package"; return 74; }
    return 0
  fi
  case $1 in
  *[!0-9]*) usage "'$1' is not a transaction's number"; return 64 ;;
  esac
  for directory in "$state"/transactions/"$1"-*/; do
    if load_transaction "${directory%/}"; then return 0; fi
  done
  could_not "there is no transaction '$1'; see: belay-$belay_package history"
}

verb_log() {
  find_transaction "${1-}" || return
  printf '%s\n' "$tx"
  tr '\t' ' ' <"$tx/journal" | sed 's/ \.$//'
  [ ! -f "$tx/log" ] || cat "$tx/log"
  [ ! -f "$tx/restored" ] || { echo 'set aside and restored:'; tr '\t' ' ' <"$tx/restored"; }
  [ ! -d "$tx/aside" ] || find "$tx/aside" -type f
}

verb_plan() {
  local which
  case ${1:-update} in
  update) which=update-plan ;;
  fallback) which=fallback-plan ;;
  b | plan-b)
    if load_last && [ -f "$tx/plan-b.txt" ]; then
      cat "$tx/plan-b.txt"
      return
    fi
    which=plan-b
    ;;
  *) usage "there is no plan '$1'"; return 64 ;;
  esac
  cat "/usr/lib/belay/$belay_package/$which" || { could_not 'the package is not installed'; return 74; }
}

# verify: everything a return would need, read again now.
verb_verify() {
  local bad=0 n=1 directory deb name save verify restore user restore_when timeout
  find_transaction '' || return
  if [ -n "$old_version" ]; then
    if ! has_way_back; then
      echo "NONE    the way back: $(fact way_back_missing)"
      bad=1
    fi
    for deb in "$tx"/wayback/*.deb; do
      [ -e "$deb" ] || has_way_back || continue
      if [ -e "$deb" ] && kept_deb_is_intact "$deb"; then echo "ok      $deb"; else echo "BAD     $deb"; bad=1; fi
    done
    if [ -d "$tx/snapshot" ]; then
      if snapshot_verify ""; then echo "ok      $tx/snapshot (paths)"; else echo "BAD     $tx/snapshot: $reason"; bad=1; fi
      while [ "$n" -le "$belay_dumps" ] && [ -d "$tx/snapshot/dumps" ]; do
        "dump_$n"
        if dump_check "$tx/snapshot/dumps/$n"; then echo "ok      dump $name"; else echo "BAD     dump $name: $reason"; bad=1; fi
        n=$((n + 1))
      done
    else
      echo 'gone    the snapshot (retention)'
    fi
  fi
  read_policy || { echo "BAD     $policy_wrong"; bad=1; }
  while IFS= read -r directory; do
    for deb in "$directory"/*.deb; do
      [ -e "$deb" ] || continue
      if kept_deb_is_intact "$deb"; then echo "ok      $deb"; else echo "BAD     $deb"; bad=1; fi
    done
  done <<LIST
$(kept_directories)
LIST
  return "$bad"
}

# preflight FILE.deb: prepare of that file, without installing it.
verb_preflight() {
  local work status=0 version
  [ -n "${1-}" ] && [ -f "$1" ] || { usage 'preflight needs the new FILE.deb'; return 64; }
  work=$(mktemp -d /run/belay-preflight.XXXXXX) || { could_not 'cannot make a directory in /run'; return 74; }
  dpkg_state
  version=$(dpkg-deb -f "$1" Version 2>/dev/null) || { rm -rf "$work"; could_not "$1 is not a readable .deb"; return 74; }
  if ! new_program "$1" "$work"; then
    rm -rf "$work"
    could_not "$1 was not built by belay"
    return 74
  fi
  BELAY_PREFLIGHT=yes sh "$work/preinst" belay-prepare "$dpkg_version" "$version" "$(realpath "$1")" || status=1
  rm -rf "$work"
  return "$status"
}

# new_program DEB DIRECTORY: its preinst, if belay made it.
new_program() {
  dpkg-deb --ctrl-tarfile "$1" 2>/dev/null | tar -xO ./preinst >"$2/preinst" 2>/dev/null || return 1
  head -n 3 "$2/preinst" | grep -q '^# belay-program 1'
}

# What a person asked for is about what was there: while we wait for the lock, a look or a settle may end it.
lock_for_a_person() {
  local seen="$tx:$tx_state"
  take_lock 60 && lock_manner || { could_not "$reason"; return 74; }
  load_last && [ "$tx:$tx_state" = "$seen" ] && return 0
  could_not "meanwhile the transaction is $tx_state; see: belay-$belay_package status"
  return 74
}

verb_return() {
  find_transaction '' || return
  case $tx_state in
  committed | unproven | probation) ;;
  unpacked) [ -L "$state/open" ] || { could_not 'nothing is open'; return 74; } ;;
  held)
    [ "${1-}" = --accept-loss ] || { usage "users wrote to $new_version: say return --accept-loss, or keep"; return 64; }
    ;;
  returned | refused | aborted) could_not "nothing to take back: the last transaction is $tx_state"; return 74 ;;
  *) usage "the transaction is $tx_state: belay-$belay_package resume"; return 64 ;;
  esac
  if ! has_way_back; then
    could_not "no way back was kept ($(fact way_back_missing)); by hand: less $tx/plan-b.txt"
    return 74
  fi
  if [ -n "$old_version" ] && ! previous_is_intact; then
    could_not 'the previous .deb is missing or damaged'
    return 74
  fi
  if [ "$tx_state" != unproven ] && [ -n "$tx_opened" ] && [ "${1-}" != --accept-loss ] && ! snapshot_may_decide && [ "$belay_steps" -gt 0 ]; then
    say "users may have written to $new_version; steps are undone and the data stays where restore_when forbids to replace it"
  fi
  lock_for_a_person || return
  dpkg_state
  # A return that was held after the package went back has only the data left to do.
  if [ "$dpkg_version" != "$new_version" ] && [ "$tx_state" != held ]; then
    could_not "$dpkg_version is installed, not $new_version"
    return 74
  fi
  [ "${1-}" != --accept-loss ] || remember accept_loss yes
  ln -sfn "transactions/${tx##*/}" "$state/open" && sync "$state"
  arm || { could_not "$reason"; return 74; }
  # The time without service begins again, now.
  remember stopped_at '' && remember served_at ''
  give_back 'an administrator asked for it'
  [ "$tx_state" = returned ]
}

# keep: the new version stays although it failed (held), or one that is unproven or in probation is accepted.
verb_keep() {
  find_transaction '' || return
  case $tx_state in
  held | unproven | probation) ;;
  *) usage "nothing to keep: the last transaction is $tx_state"; return 64 ;;
  esac
  lock_for_a_person || return
  dpkg_state
  if [ "$dpkg_version" != "$new_version" ]; then
    could_not "$dpkg_version is installed, so there is no $new_version to keep: belay-$belay_package return --accept-loss"
    return 74
  fi
  remember kept_by "$(id -un)"
  start_services || say "$reason"
  keep_new_version
  enter committed 'kept by an administrator'
  settle_committed
  [ -z "$lost_race" ] || settle_beside 'configure'
}

verb_unblock() {
  [ -n "${1-}" ] || { usage 'unblock needs a VERSION'; return 64; }
  load_last || :
  forget_refusal "$1" || { could_not "'$1' is not refused; see: belay-$belay_package status"; return 74; }
  write_pins
  printf '%s may be installed again\n' "$1"
}

# resume: also what "unhold" ends with, which is no wish to act against the site's policy.
verb_resume() {
  if ! load_open; then
    if load_last && [ "$tx_state" = committed ] && [ -n "$(fact committed_step)" ]; then
      run_steps committed || { could_not "$reason"; return 74; }
      remember committed_step ''
      echo 'done'
      return 0
    fi
    echo 'nothing is owed'
    return 0
  fi
  settle "${1:-person}"
  load_last || return 0
  status_exit
}

verb_prune() {
  load_last || :
  take_lock 60 || { could_not "$reason"; return 74; }
  retain
  du -sh "$state" | cut -f 1
}
