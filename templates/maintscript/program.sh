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
    true >"$state/foreign"
  fi
}

# hand_over: the open transaction was prepared by another text: that one continues.
hand_over() {
  if [ -f "$tx/program" ] && ! cmp -s "$tx/program" "$program"; then
    exec sh "$tx/program" "$@"
  fi
}
