# notify: other programs are told the state. It can never delay or fail a return, so it runs beside.

# notify STATE
notify() {
  local n=1 run on output
  [ "$belay_notifies" -gt 0 ] || return 0
  while [ "$n" -le "$belay_notifies" ]; do
    "notify_$n"
    case "$newline$on$newline" in
    *"$newline$1$newline"*)
      if is_guest; then
        notify_one "$n" # a guest leaves no process behind
      else
        systemd-run --quiet --no-block --collect -p Description="belay: notify of $belay_package" \
          /bin/sh "$tx/program" notify "$n" "${tx##*/}" >>"$tx/log" 2>&1 </dev/null 9>&- || note "notify $n could not be started"
      fi
      ;;
    esac
    n=$((n + 1))
  done
}

# notify_one N: the status on its stdin.
notify_one() {
  local run on output status=0
  "notify_$1"
  status_json >"$tx/notify.json" || return 0
  if [ "$output" = none ]; then
    run_command '' 600000 "notify $1" "$run" <"$tx/notify.json" >/dev/null 2>&1 || status=$?
  else
    run_command_quiet '' 600000 "notify $1" "$run" <"$tx/notify.json" || status=$?
    note "notify $1: exit $status: $(last_line)"
  fi
}
