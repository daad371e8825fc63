# Gates that are checks: each must pass; what cannot be told does not pass.

gate_checks() {
  local results="$tx/gate-checks" n verdict severity ms name message numbers tab
  tab="$(printf '\t')"
  numbers="$(seq "$belay_gate_checks" | tr '\n' ' ')"
  if ! run_checks gate_check "$numbers" "$results"; then
    gate_failed checks "$reason" "free space on the file system of $state" checks
    return 0
  fi
  while IFS="$tab" read -r n verdict severity ms name message; do
    case "$verdict:$severity" in
      pass:*) gate_ok "$name" "passed" ;;
      *:advisory) gate_ok "$name" "advisory: $message" ;;
      fail:*) gate_failed "$name" "$message" "make the check '$name' pass" checks ;;
      *) gate_failed "$name" "$verdict: $message" "make the check '$name' pass" checks ;;
    esac
  done <"$results"
  rm -f "$results"
}
