# Unproven: installed, and nobody could say that it works. The watch asks again, and what a guest could not do is made up for.

# settle comes by an unproven version: the timer asks it again. What a guest left undone, and a person's wish, is done at once; what the
# site only observes ends by a person alone, and all that it owes is dpkg's last word.
settle_unproven() {
  case $settle_caller in
  person) check_again ;;
  *)
    if [ -n "$tx_observed" ]; then
      configure_killed || : # settle comes back
      return 0
    fi
    if [ -n "$tx_guest$(fact guest_owed)" ]; then check_again; else settle_watched; fi
    ;;
  esac
}

# What a guest could not do is owed until it is done: a step that fails leaves it so.
end_guest() {
  if [ -n "$tx_guest" ]; then
    # In this order: whoever is killed here is a guest's still.
    remember guest_owed yes && arm_from_guest && record_units && remember guest '' || return 1
  fi
  [ -n "$(fact guest_owed)" ] || return 0
  run_steps stopped && remember opened "$(uptime_ms)" && tx_opened=yes && start_services && run_steps started && remember guest_owed ''
}

# A guest is not armed: from here on it is none.
arm_from_guest() { tx_guest='' && arm; }

# An unproven version: the checks again, with the steps that a guest could not run.
check_again() {
  if is_guest; then return 0; fi
  end_guest && { services_run || start_services; } || { say "still UNPROVEN: $reason"; write_status; return 0; }
  configure_killed
  find_skipped_units
  look check "$(checks_of_new)" "$tx/checks"
  if [ -n "$tx_observed" ]; then
    say "still UNPROVEN: checks $checks_ok/$checks_all ok now, but it would have been taken back because $tx_observed"
    tell "accept it: belay-$belay_package keep; take it back: belay-$belay_package return"
    write_status
    return 0
  fi
  case $verdict in
  fail)
    if [ "$settle_caller" != person ]; then
      decide_unproven
      return
    fi
    # Whoever only asks does not decide: the timer does, as the site's rules say.
    say "still UNPROVEN: check '$failed_check' fails: $failed_message"
    tell "to take it back now: belay-$belay_package return"
    ;;
  pass)
    decide_unproven
    return
    ;;
  *) say "still UNPROVEN: $inconclusive_message" ;;
  esac
  write_status
  keep_watch
}

decide_unproven() {
  case $verdict in
  pass)
    # Without probation it is committed at once.
    passed && { [ "$tx_state" != committed ] || settle_committed; }
    ;;
  fail)
    remember failed_check "$failed_check" || note "$reason"
    automatic_return "check '$failed_check' failed while $new_version was unproven: $failed_message"
    ;;
  *) note "still unproven: $inconclusive_message" ;;
  esac
}
