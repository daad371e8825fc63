# Steps: pairs of run and undo. "begun" is journalled before run starts, so an interrupted step is undone as well.

# run_steps STAGE
run_steps() {
  local n=1 name stage unless run undo undo_kind timeout user started status
  while [ "$n" -le "$belay_steps" ]; do
    "step_$n"
    if [ "$stage" = "$1" ] && ! finished "step-$n"; then
      if [ -n "$unless" ] && run_command_quiet "$user" "$timeout" "step $n/$belay_steps $name (unless)" "$unless" "step-$n-unless"; then
        note "step $n/$belay_steps $name: already done"
        finish "step-$n-skipped" && finish "step-$n" || return 1
      else
        finish "step-$n-begun" || return 1
        started=$(uptime_ms)
        status=0
        run_command_quiet "$user" "$timeout" "step $n/$belay_steps $name" "$run" "step-$n-run" || status=$?
        if [ "$status" -ne 0 ]; then
          reason="step $n/$belay_steps '$name' failed: $(command_ended "$status" "$timeout"): $(last_line)"
          return 1
        fi
        finish "step-$n" || return 1
        say "step $n/$belay_steps $name ... ok, $(seconds $(($(uptime_ms) - started)))"
      fi
    fi
    n=$((n + 1))
  done
}

command_ended() {
  case $1 in
  124) printf 'no end after %s' "$(seconds "$2")" ;;
  *) printf 'exit %s' "$1" ;;
  esac
}

# Undoes, in reverse, every step that was begun and not yet undone. Sets undone and undo_failed (the first one's sentence).
undo_steps() {
  local n="$belay_steps" name stage unless run undo undo_kind timeout user status
  undone=0 undo_failed=''
  while [ "$n" -ge 1 ]; do
    "step_$n"
    if [ -z "$undo_failed" ] && finished "step-$n-begun" && ! finished "step-$n-undone"; then
      case $undo_kind in
      compatible) note "step $n '$name' needs no undo: the old version lives with it" ;;
      *)
        status=0
        run_command_quiet "$user" "$timeout" "undo of step $n/$belay_steps $name" "$undo" "step-$n-undo" || status=$?
        if [ "$status" -ne 0 ]; then
          undo_failed="undo of step $n '$name' failed: $(command_ended "$status" "$timeout"): $(last_line)"
          note "$undo_failed"
        else
          undone=$((undone + 1))
        fi
        ;;
      esac
      [ -n "$undo_failed" ] || finish "step-$n-undone" || return 1
    fi
    n=$((n - 1))
  done
}
