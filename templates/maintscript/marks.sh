# Hold and auto mark: an explicit install and apt's downgrade lose both (T), so they are recorded and put back.

# mark_of PACKAGE: auto or manual
mark_of() {
  # No file, or no stanza: manual.
  if sed -n "/^Package: $1\$/,/^\$/p" /var/lib/apt/extended_states 2>/dev/null | grep -q '^Auto-Installed: 1'; then echo auto; else echo manual; fi
}

# selection_of PACKAGE: install, hold, …
selection_of() {
  local selection
  selection=$(dpkg --get-selections "$1" 2>/dev/null | head -n 1 | cut -f 2- | tr -d '\t') || selection='' # unknown to dpkg
  # A dpkg that installs it has ended the hold before it calls preinst, and writes its database when it ends.
  if sed -n "/^Package: $1\$/,/^\$/p" /var/lib/dpkg/status | grep -q '^Status: hold '; then selection=hold; fi
  printf '%s' "${selection:-unknown}"
}

record_marks() {
  remember mark "$(mark_of "$belay_package")" && remember selection "$(selection_of "$belay_package")"
}

restore_marks() {
  hook_point marks
  restore_mark "$belay_package" "$(fact mark)" "$(fact selection)"
}

# 1: somebody took dpkg's lock meanwhile: not a failure, settle waits for it and comes back. What fails otherwise was said.
marks_are_back() {
  if restore_marks || lock_manner; then return 0; fi
  lost_race=yes
  return 1
}

# restore_mark PACKAGE MARK SELECTION: lines of the commands go to the log; a mark that cannot be set is told (1), it does not undo
# a return.
restore_mark() {
  local failed=0
  case $2 in
  auto | manual)
    [ "$(mark_of "$1")" = "$2" ] || apt-mark "$apt_lock" "$2" "$1" </dev/null >>"$tx/log" 2>&1 9>&- || { say "could not put a mark back: apt-mark $2 $1"; failed=1; }
    ;;
  esac
  if [ "$3" = hold ]; then
    printf '%s hold\n' "$1" | env $dpkg_frontend dpkg --set-selections >>"$tx/log" 2>&1 9>&- ||
      { say "could not put the hold back: apt-mark hold $1"; failed=1; }
  fi
  return "$failed"
}
