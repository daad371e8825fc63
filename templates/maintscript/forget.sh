# The end of all of it: nothing unowned may remain after a purge (Policy 10.8).

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
  take_interim_away
  disarm
  forget_stores
  rm -f "$(pin_file)" "$run_file"
  rm -rf "$state"
  rmdir --ignore-fail-on-non-empty /var/lib/belay /run/belay 2>/dev/null || : # another package's state may be there
}
