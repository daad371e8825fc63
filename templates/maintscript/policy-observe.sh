# mode=observe: all is run and recorded, nothing is refused or taken back by itself. way_back=optional: an update without a way back.

# The rules are read anew for each decision: what a person has switched meanwhile counts.
observing() {
  read_policy || note "policy: $policy_wrong"
  [ "$policy_mode" = observe ]
}

# observed WHY: in place of a return. 1: it could not be written down, so it did not happen.
observed() {
  case $tx_observed in
  *"$1"*) ;; # said and written down already
  *) journal fact observed "${tx_observed:+$tx_observed; }$1" || return 1 ;;
  esac
  tx_observed=$(fact observed)
  say "OBSERVE: would have returned because $1"
}

# automatic_return WHY: every return that no person asked for.
automatic_return() {
  local kept
  if [ "$settle_caller" = person ] || ! observing || ! observed "$1"; then
    give_back "$1"
    return
  fi
  kept=no
  case $tx_state in
  saved | updating | checking | probation | unproven) kept=yes ;;
  unpacked) ! finished configure-begun || kept=yes ;;
  esac
  if [ "$kept" = no ]; then
    # dpkg has not even tried to configure it: as with any package, that is for whoever ran it.
    say "OWED. $new_version is ${dpkg_status% } by dpkg, and the site only observes"
    tell "next      dpkg --configure -a, or apt-get -f install"
    tell "or        belay-$belay_package resume        (puts ${old_version:-nothing} back now)"
    write_status
    return 0
  fi
  unquiesce || note "$reason"
  reload_manager
  start_services || say "$reason"
  be_observed || note "$reason"
  configure_killed || : # settle comes back
}

# It stays, and nobody may read that it was good (invariant 2).
be_observed() {
  keep_new_version
  enter unproven "would have returned because $tx_observed" || return 1
  say "UNPROVEN $new_version (was ${old_version:-not installed}): it stays, because the site only observes (mode=observe)"
  tell "why       would have returned because $tx_observed"
  tell "go back   belay-$belay_package return"
  tell "accept    belay-$belay_package keep"
  result_line would=return
  unwatch # only a person ends that
  write_status
  notify unproven
}

# would_refuse: uses reason. 0: the site only observes, so it was said and written down and the run goes on; else it is refused.
would_refuse() {
  if [ "$policy_mode" != observe ]; then
    refuse_transaction
    return 1
  fi
  say "OBSERVE: would have refused because $reason"
  remember would_refuse "$(fact would_refuse)${tx_would_refuse:+; }$reason" || return 1
  tx_would_refuse=yes
}

# without_way_back: uses reason. The same for what a return needs: also where the site allows to do without it.
without_way_back() {
  if [ "$policy_way_back" = optional ]; then
    say "NO WAY BACK: $reason; the site's rules allow that (way_back=optional)"
  else
    would_refuse || return 1
  fi
  lose_way_back "$reason"
}

# lose_way_back WHY: from here on no return of this transaction is possible, and none is tried.
lose_way_back() {
  previous_deb=''
  rm -f "$tx/wayback"/*
  true >"$tx/set" || return 1
  remember way_back none && remember previous_deb '' && remember way_back_missing "$1"
}

has_way_back() { [ "$(fact way_back)" != none ]; }
