# A declared set: the checks run once, when the last of the run's members is configured. The leader triggers itself, so that dpkg
# comes back to it at the end and does not call it installed before.

# The declared members that this run changes: NAME ARCH NEW OLD PATH a line; "-" for none.
set_members_of_run() {
  local name old arch multiarch direction new new_arch new_multiarch path
  [ -n "$belay_set_members" ] && [ -f "$tx/run" ] || return 0
  while read -r name old arch multiarch direction new new_arch new_multiarch path; do
    case "$newline$belay_set_members$newline" in
    *"$newline$name$newline"*) ;;
    *) continue ;;
    esac
    case $path in
    /*) printf '%s %s %s %s %s\n' "$name" "$new_arch" "$new" "$old" "$path" ;;
    '**REMOVE**') printf '%s %s - %s -\n' "$name" "$arch" "$old" ;;
    esac
  done <"$tx/run"
}

# member_state NAME ARCH: "ii 1.0"; empty: not there, or only its conffiles.
member_state() {
  local member_state
  member_state=$(dpkg-query -W -f '${db:Status-Abbrev}${Version}' "$(qualified "$1" "$2")" 2>/dev/null) || return 0 # unknown
  case $member_state in
  ?[nc]*) ;;
  *) printf '%s' "$member_state" ;;
  esac
}

# is_at STATE VERSION: configured in it; "-": not there.
is_at() {
  case $2:$1 in
  -:) return 0 ;;
  *:?[iWt]" $2") return 0 ;;
  esac
  return 1
}

# members_that unfinished|changed|failed: their names, and dpkg's word for them.
members_that() {
  local name arch new old path now
  set_members_of_run | while read -r name arch new old path; do
    now=$(member_state "$name" "$arch")
    case $1 in
    unfinished) ! is_at "$now" "$new" || continue ;;
    changed) ! is_at "$now" "$old" || continue ;;
    failed)
      case $now in
      ?[FH]* | ??R*) ;;
      *) continue ;;
      esac
      ;;
    esac
    printf '%s (%s)\n' "$name" "${now:-not installed}"
  done
}

# The members have no transactions of their own: two would take back each other's packages.
members_are_plain() {
  local name arch new old path plain=0
  set_members_of_run >"$tx/members" || return 1
  while read -r name arch new old path; do
    if [ "$path" != - ] && new_program "$path" "$tx"; then
      reason="member $name of the set '$belay_set_name' has a way back of its own (belay built it); take it out of the set"
      plain=1
    fi
  done <"$tx/members"
  rm -f "$tx/members" "$tx/preinst"
  return "$plain"
}

# 0: the checks have to wait, and dpkg will come back for them.
wait_for_set() {
  local waited
  waited=$(members_that unfinished)
  [ -n "$waited" ] || return 1
  remember set_awaited yes && dpkg-trigger --no-await "belay-set-$belay_set_name" || { reason="cannot wait for the set '$belay_set_name'"; return 2; }
  say "checks wait for the set '$belay_set_name': $(one_line "$waited")"
  drop_lock
}

# postinst triggered: everything else of the run is configured, or never will be.
check_set() {
  local unfinished
  [ -z "${DPKG_ROOT:-}" ] && ! state_unknown && load_open && [ "$new_version" = "$belay_version" ] || return 0
  case $tx_state in
  unproven | probation | committed) return 0 ;;
  checking) ;;
  *) say "$new_version is ${tx_failed:+taken back ($tx_failed): }$tx_state"; return 1 ;;
  esac
  # Interrupted in the middle of its checks it failed; a second look must not call it installed.
  if [ -z "$(fact set_awaited)" ] || finished set-begun; then
    say "$new_version was interrupted in its checks; it is taken back"
    return 1
  fi
  take_lock 30 || { say "$reason"; return 1; }
  say_who_works && finish set-begun || return 1
  unfinished=$(members_that unfinished)
  if [ -n "$unfinished" ]; then
    reason="the set '$belay_set_name' is not complete: $(one_line "$unfinished")"
    forward_failed || return 1
  fi
  find_skipped_units
  unpacked_monotonic_us=$(fact unpacked_us)
  look check "$(checks_of_new)" "$tx/checks"
  decide
}

# 0: nothing is interrupted: one front end may run dpkg several times.
between_dpkg_runs() {
  case $tx_state in
  unpacked) ! finished configure-begun ;;
  checking) [ -n "$(fact set_awaited)" ] && ! finished set-begun ;;
  *) return 1 ;;
  esac
}

# The members' new .debs are the next release's way back, as our own is.
keep_members() {
  local name arch new old path
  set_members_of_run | while read -r name arch new old path; do
    [ -f "$path" ] || continue
    [ "$(dpkg-deb --showformat '${Package} ${Version}' -W "$path" 2>/dev/null)" = "$name $new" ] || continue
    keep_deb "$path" "$kept_in" >/dev/null || say "could not keep a copy of $path"
  done
}
