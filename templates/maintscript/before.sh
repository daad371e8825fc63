# The Pre-Install-Pkgs hook: refusing here leaves the whole run unchanged (T). It sees the run's list and the marks as they were.

# before: exit 20 = refused; anything else lets the run go on, and preinst prepares then.
verb_before() {
  local work line name old arch multiarch direction new new_arch new_multiarch path status=0
  work=$(mktemp -d /run/belay-before.XXXXXX) || return 0 # preinst prepares then
  printf '%s\n' "$run_list" >"$work/run" || return 0 # as above
  path=''
  while read -r name old arch multiarch direction new new_arch new_multiarch path; do
    if [ "$name" = "$belay_package" ]; then
      case $path in
      /*) break ;;
      esac
    fi
    path=''
  done <"$work/run"
  if [ -n "$path" ] && [ "$old" = "$new" ] && ! { load_open && ! may_be_reinstalled; }; then
    : # installed again: nothing to come back to, preinst lets it pass
  elif [ -n "$path" ] && new_program "$path" "$work"; then
    [ "$old" != - ] || old=''
    # The hook is a child of the front end, the shim one of the hook's shell.
    BELAY_RUN_LIST="$work/run" BELAY_RUN_OPTIONS="$run_options" BELAY_RUN_BY="$(parent_of "$(parent_of "$PPID")")" sh "$work/preinst" belay-prepare "$old" "$new" "$path" </dev/null || {
      # Only a refusal refuses; what was killed is prepared again by preinst.
      [ $? -ne 1 ] || status=20
    }
  elif [ -n "$path" ] && load_open && ! settled "$tx_state"; then
    say "REFUSED. A transaction to $new_version is $tx_state; let it end: belay-$belay_package resume"
    status=20
  fi
  rm -rf "$work"
  return "$status"
}
