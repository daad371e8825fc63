# The switches that keep belay from acting by itself: hands-off for the whole host, hold for one package.

hands_off=/etc/belay/hands-off

# suspended: 0: nothing automatic may happen for this package. Everything that no person asked for asks this first (hook, unit,
# boot, timers), so it forks for nothing. Sets suspended_by (hands-off | hold) and suspended_because; what is owed stays recorded.
suspended() {
  suspended_by='' suspended_because=''
  if [ -e "$hands_off" ] || [ -L "$hands_off" ]; then
    suspended_by=hands-off
    read_reason "$hands_off"
  elif [ -e "$state/hold" ]; then
    suspended_by=hold
    read_reason "$state/hold"
  fi
  [ -n "$suspended_by" ]
}

# read_reason FILE: its first line. Anything that is there suspends, readable or not: it was put there to stop us.
read_reason() {
  [ ! -f "$1" ] || read -r suspended_because <"$1" || : # no newline at its end
  case $suspended_because in
  *[[:cntrl:]]*) suspended_because=$(one_line "$suspended_because") ;;
  esac
  suspended_because=${suspended_because:-"no reason was written down"}
}

# must_wait CALLER: 0: CALLER is nobody's wish, and settles nothing now. A person's verbs act all the same.
must_wait() {
  case $1 in
  person) return 1 ;;
  esac
  if suspended; then
    # Only the hook has a reader; what is unproven or committed owes nothing that could surprise.
    case $1:$tx_state in
    *:unproven | *:probation | *:committed) ;;
    hook:*)
      say "$(suspended_word): $(either "$tx_state" "$tx_state" begun) to $new_version stays as it is; nothing is done by itself"
      tell "why       $suspended_because"
      tell "now       belay-$belay_package resume"
      ;;
    *) note "$suspended_by ($suspended_because): nothing is settled" ;;
    esac
    return 0
  fi
  # The first line of every Plan B: a person works on it by hand.
  [ -e "$state/override" ] && [ -z "$tx_override" ]
}

suspended_word() {
  case $suspended_by in
  hold) printf 'ON HOLD' ;;
  *) printf 'HANDS-OFF' ;;
  esac
}

# may_go_forward: 1: hands-off or a hold refuses a new version, because nothing could take it back by itself; reason says so. A guest
# (an image build) has nothing automatic that could be suspended, and the override is the way to install all the same.
may_go_forward() {
  suspended || return 0
  case $suspended_by in
  hold) reason="belay-$belay_package hold ($suspended_because); first: belay-$belay_package unhold" ;;
  *) reason="$hands_off is there ($suspended_because), so nothing would be taken back by itself; first: rm $hands_off" ;;
  esac
  [ ! -e "$state/override" ] || return 0
  is_guest
}

# hold REASON: dpkg's hold is another thing and untouched.
verb_hold() {
  [ -n "$1" ] || { usage 'hold needs a REASON'; return 64; }
  # Who and when: whoever finds it in the morning wants to ask.
  printf '%s (%s, %s)\n' "$(one_line "$1")" "${SUDO_USER:-$(id -un)}" "$(date -u +%FT%TZ)" >"$state/hold.new" && sync "$state/hold.new" &&
    mv "$state/hold.new" "$state/hold" && sync "$state" || { rm -f "$state/hold.new"; could_not "cannot write $state/hold"; return 74; }
  load_last || :
  write_status
  printf 'on hold: nothing is done by itself for %s, what is owed stays recorded; end it: belay-%s unhold\n' "$belay_package" "$belay_package"
}

# unhold: what is owed is settled.
verb_unhold() {
  [ -e "$state/hold" ] || { could_not "$belay_package is not on hold"; return 74; }
  rm -f "$state/hold" && sync "$state" || { could_not "cannot remove $state/hold"; return 74; }
  echo 'the hold is ended'
  load_last || :
  # What a look saw in a hold is no verdict.
  case $tx_state in
  probation | unproven) cat /proc/uptime >"$tx/unheld" || : ;; # a full disk
  esac
  write_status
  if suspended; then
    printf '%s is still there (%s): nothing is settled\n' "$hands_off" "$suspended_because"
  else
    verb_resume unhold
  fi
}
