# Hold and auto mark: an explicit install and apt's downgrade lose both (T), so they are recorded and put back.

mark_is_auto() {
  sed -n "/^Package: $belay_package\$/,/^\$/p" /var/lib/apt/extended_states 2>/dev/null | grep -q '^Auto-Installed: 1' # no file: manual
}

record_marks() {
  local mark=manual selection
  if mark_is_auto; then mark=auto; fi
  selection=$(dpkg --get-selections "$belay_package" 2>/dev/null | cut -f 2- | tr -d '\t') || selection=''
  # A dpkg that installs us has ended the hold before it calls preinst, and writes its database when it ends.
  if sed -n "/^Package: $belay_package\$/,/^\$/p" /var/lib/dpkg/status | grep -q '^Status: hold '; then selection=hold; fi
  remember mark "$mark" && remember selection "${selection:-unknown}"
}

# Lines of both commands go to the log; a mark that cannot be set is told, it does not undo a return.
restore_marks() {
  case $(fact mark) in
  auto) mark_is_auto || apt-mark "$apt_lock" auto "$belay_package" >>"$tx/log" 2>&1 9>&- || say 'could not mark it as automatically installed: apt-mark auto '"$belay_package" ;;
  manual) ! mark_is_auto || apt-mark "$apt_lock" manual "$belay_package" >>"$tx/log" 2>&1 9>&- || say "could not mark it as manually installed: apt-mark manual $belay_package" ;;
  esac
  if [ "$(fact selection)" = hold ]; then
    printf '%s hold\n' "$belay_package" | env $dpkg_frontend dpkg --set-selections >>"$tx/log" 2>&1 9>&- ||
      say "could not put the hold back: apt-mark hold $belay_package"
  fi
}
