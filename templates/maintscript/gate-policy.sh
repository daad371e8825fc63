# Gates of the site: its freeze, its approvals; and which gates BELAY_OVERRIDE may skip.

gate_policy() {
  [ -z "${policy_freeze-}" ] || gate_failed freeze "$policy_freeze" "wait for its end, or remove freeze= from $policy_directory"
  case ${policy_approvals:-0} in
  0) ;;
  *)
    gate_failed approvals "the site asks for $policy_approvals approvals, and this version of belay cannot prove any" \
      "remove approvals= from $policy_directory until packages carry approvals"
    ;;
  esac
}

# overridden GATE: BELAY_OVERRIDE="reason" of the apt or dpkg run skips what the site's "overrides" names, and no more.
overridden() {
  [ -n "${BELAY_OVERRIDE-}" ] || return 1
  case ",${policy_overrides-}," in
  *",$1,"*) return 0 ;;
  esac
  return 1
}

# record_overridden: what was skipped and why, for status, journal and report.
record_overridden() {
  local gate verdict message reason list=''
  while IFS="$tab" read -r gate verdict message reason; do
    [ "$verdict" = OVERRIDDEN ] || continue
    say "gate $gate OVERRIDDEN: $message (BELAY_OVERRIDE: $reason)"
    list="$list${list:+, }$gate: $reason"
  done <"$tx/gates"
  [ -z "$list" ] || remember overridden "$list"
}
