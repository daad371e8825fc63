# The program on disk: the text that prepared a transaction settles it, whatever version is unpacked meanwhile.

# install_program: puts this text in place as $state/belay; the one before is kept with the transaction.
install_program() {
  if [ -e "$state/belay" ] && ! finished program; then
    cp "$state/belay" "$tx/previous-program" && sync "$tx/previous-program" || { reason="cannot write $tx"; return 1; }
  fi
  put_program "$tx/program" && finish program
}

put_program() {
  if cmp -s "$1" "$state/belay"; then return 0; fi
  cp "$1" "$state/belay.new" && chmod 0700 "$state/belay.new" && sync "$state/belay.new" && mv "$state/belay.new" "$state/belay" &&
    sync "$state" || { reason="cannot write $state/belay"; return 1; }
}

# After an end on the old version its own program is back; a foreign one had none, and ours goes on (design, section 6).
restore_program() {
  if [ -f "$tx/previous-program" ]; then
    put_program "$tx/previous-program" || note "$reason"
  elif [ -n "$old_version" ]; then
    : >"$state/foreign"
  fi
}

# hand_over: the open transaction was prepared by another text: that one continues.
hand_over() {
  if [ -f "$tx/program" ] && ! cmp -s "$tx/program" "$program"; then
    exec sh "$tx/program" "$@"
  fi
}

# A foreign old version was purged, or ours removed and purged behind our back: state, pin and units go (design, section 6).
forget_purged() {
  [ -e "$state/foreign" ] || return 0
  dpkg_state
  case $dpkg_status in
  un\ | ?n\ )
    forget_everything
    rm -f "/etc/apt/apt.conf.d/$belay_hook"
    ;;
  esac
}

forget_everything() {
  disarm
  rm -f "$(pin_file)" "$run_file"
  rm -rf "$state"
  rmdir --ignore-fail-on-non-empty /var/lib/belay /run/belay 2>/dev/null || : # another package's state may be there
}

# run_user_script NAME ARGUMENTS...: the release's own script of that name.
run_user_script() {
  local name=$1 text interpreter
  shift
  case $name in
  preinst) text=$belay_user_preinst interpreter=$belay_user_preinst_interpreter ;;
  postinst) text=$belay_user_postinst interpreter=$belay_user_postinst_interpreter ;;
  prerm) text=$belay_user_prerm interpreter=$belay_user_prerm_interpreter ;;
  postrm) text=$belay_user_postrm interpreter=$belay_user_postrm_interpreter ;;
  esac
  [ -n "$text" ] || return 0
  case $interpreter in
  perl) perl -e "$text" -- "$@" >&2 </dev/null 9>&- ;;
  *) "$interpreter" -c "$text" "$belay_package.$name" "$@" >&2 </dev/null 9>&- ;;
  esac
}
