# A smoke check that is a command. Reads the check's variables.

probe_run() {
  local code=0 reason=''
  run_command_quiet "$user" "$timeout" "$name" "$run" </dev/null || code=$?
  [ "$code" -ne 0 ] || return 0
  probe_message=${reason#"$name: "}
  case "$code" in
    69 | 78) return "$code" ;;
    # 125: the watcher could not start it; 137: somebody else killed it (the time-out is 124)
    125 | 137) return 69 ;;
    *) return 1 ;;
  esac
}
