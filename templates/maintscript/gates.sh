# The gates: conditions on the host that must hold before anything changes. All are asked, so that one answer names them all.

# run_gates FILE: one line a gate: name, ok or FAILED or OVERRIDDEN, message, what satisfies it or why it was skipped (by tabs)
run_gates() {
  local file="$1" gates_failed=''
  if ! true >"$file"; then
    reason="cannot write '$file'"
    return 1
  fi
  gate_policy
  gate_space
  [ -z "$belay_window_days" ] || gate_passed window || gate_window
  [ -z "$belay_backup_path" ] || gate_passed backup || gate_backup
  # A guest (a chroot, an image build) has nothing of what they ask for, and nothing is served there that could break.
  [ "$belay_gate_checks" -eq 0 ] || [ -n "$tx_guest" ] || gate_checks
  if [ -n "$gates_failed" ]; then
    reason="gates failed:$gates_failed"
    return 1
  fi
}

# gate_passed NAME: a rehearsal's host has no night and no backup. 0: nothing more is to be asked.
gate_passed() {
  fault_at "gate-$1" || return 1
  case $fault_action in
  pass) gate_ok "$1" 'passed: this is a rehearsal' ;;
  fail) gate_failed "$1" 'made to fail' 'end the rehearsal' ;;
  *) return 1 ;;
  esac
}

# gate_ok NAME MESSAGE
gate_ok() {
  printf '%s\tok\t%s\t\n' "$1" "$2" >>"$file"
}

# gate_failed NAME MESSAGE SATISFY [GROUP]: GROUP is what the site's overrides call it, where its own name is the release's
gate_failed() {
  if overridden "${4:-$1}"; then
    printf '%s\tOVERRIDDEN\t%s\t%s\n' "$1" "$2" "$(one_line "$BELAY_OVERRIDE")" >>"$file"
    return 0
  fi
  gates_failed="$gates_failed $1"
  printf '%s\tFAILED\t%s\t%s\n' "$1" "$2" "$3" >>"$file"
}
