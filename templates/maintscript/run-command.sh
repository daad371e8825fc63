# Runs one command of the release description: bounded in time and output, and gone when we are.

# run_command USER TIMEOUT_MS LABEL COMMAND [POINT]: stdout is the caller's; what it says on stderr is kept; POINT: fault.sh
run_command() {
  supervise stderr "$@"
}

# run_command_quiet USER TIMEOUT_MS LABEL COMMAND [POINT]: stdout is kept with stderr
run_command_quiet() {
  supervise both "$@"
}

supervise() {
  local label="$4" limit="$3" command="$5" output="${command_output:-$tx/output}" code=0
  interpose "${6-}"
  # The watcher gets a signal when this shell dies, however it dies: no command outlives the transaction.
  {
    env -i PATH="$PATH" LC_ALL=C.UTF-8 setpriv --pdeathsig USR1 perl -e "$watcher" \
      "$1" "$2" "$limit" "$command" "$output" "$belay_env_file" \
      "BELAY_PACKAGE=$belay_package" "BELAY_OLD_VERSION=${old_version-}" \
      "BELAY_NEW_VERSION=${new_version-}" "BELAY_TRANSACTION=${tx##*/}" 3>&1 >&4 4>&- |
      report_progress "$label" "$limit" 4>&- || code=$?
  } 4>&1
  [ "$code" -eq 0 ] || reason="$label: $(describe_exit "$code" "$limit" "$output")"
  return "$code"
}

# report_progress LABEL TIMEOUT_MS: reads what the watcher tells, returns the command's exit status
report_progress() {
  local word value code=125
  while read -r word value; do
    case "$word" in
      running) say "$1 ... still running, $(duration "$value") of $(duration "$2")" ;;
      exit) code="$value" ;;
    esac
  done
  return "$code"
}

# describe_exit CODE TIMEOUT_MS OUTPUT
describe_exit() {
  local line
  line="$(last_line "$3")"
  case "$1" in
    124) printf 'no end after %s' "$(duration "$2")" ;;
    125) printf 'was not started' ;;
    126) printf 'cannot be executed' ;;
    127) printf 'command not found' ;;
    137) printf 'was killed (SIGKILL, out of memory?)' ;;
    129 | 13[0-9] | 1[4-9][0-9]) printf 'was killed by signal %d' "$(($1 - 128))" ;;
    *) printf 'exit status %d' "$1" ;;
  esac
  [ -z "$line" ] || printf '; last line: %s' "$line"
}

# last_line [FILE]: the last line that is not empty of what the command printed
last_line() {
  grep -a '[^[:space:]]' "${1:-$tx/output}" 2>/dev/null | tail -n 1 | cut -c 1-300
}
