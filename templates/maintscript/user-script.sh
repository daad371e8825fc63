# The release's own maintainer scripts (nFPM's scripts), run beside belay's work.

# run_user_script NAME ARGUMENTS...: the release's own script of that name.
run_user_script() {
  local name="$1" text interpreter
  shift
  case $name in
  preinst) text=$belay_user_preinst interpreter=$belay_user_preinst_interpreter ;;
  postinst) text=$belay_user_postinst interpreter=$belay_user_postinst_interpreter ;;
  prerm) text=$belay_user_prerm interpreter=$belay_user_prerm_interpreter ;;
  postrm) text=$belay_user_postrm interpreter=$belay_user_postrm_interpreter ;;
  esac
  [ -n "$text" ] || return 0
  if fault_at "user-$name"; then text=$fault_command interpreter=sh; fi
  case $interpreter in
  perl) perl -e "$text" -- "$@" >&2 </dev/null 9>&- ;;
  *) "$interpreter" -c "$text" "$belay_package.$name" "$@" >&2 </dev/null 9>&- ;;
  esac
}
