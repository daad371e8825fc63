# settle: truth from dpkg and the journal. Idempotent: every caller may call it, and an interrupted one is resumed by the next.

# Set while settle works: dpkg scripts called by it see the state "returning" and do nothing of their own.
settle_transaction() {
  dpkg_state
  case $tx_state in
  '' | prepared) settle_prepared ;;
  unpacked) settle_unpacked ;;
  saved | updating | checking) automatic_return "${tx_failed:-interrupted while $tx_state}" ;;
  returning) resume_return ;;
  unproven) settle_unproven ;;
  probation) settle_watched ;;
  committed) settle_committed ;;
  *) close_transaction "$tx_state" ;;
  esac
}

settle_prepared() {
  case $dpkg_status in
  ?[HF]* | ??R)
    # dpkg was killed before our preinst could say that it had begun.
    automatic_return "the run was killed while dpkg unpacked"
    return
    ;;
  esac
  if [ "$dpkg_version" = "$new_version" ] && [ "$dpkg_version" != "$old_version" ]; then
    automatic_return "interrupted while preparing, and $new_version was unpacked all the same"
    return
  fi
  if set_is_changed; then return; fi
  start_services_again
  marks_are_back || return 0
  restore_program
  close_transaction aborted 'the run ended before the package was unpacked'
}

# 0: the leader stayed as it was and members did not: they are taken back, for the set is one.
set_is_changed() {
  local changed
  changed=$(members_that changed)
  [ -n "$changed" ] || return 1
  automatic_return "the run ended with a part of the set '$belay_set_name': $(one_line "$changed")"
}

# 0: unpacked, and nothing of the release has begun: the old processes serve, and whoever ran dpkg may still configure it.
waits_for_configure() {
  case $dpkg_status in
  ?U\ ) ;;
  *) return 1 ;;
  esac
  [ "$dpkg_version" = "$new_version" ] && ! finished configure-begun && [ "$tx_boot" = "$(cat /proc/sys/kernel/random/boot_id)" ] && services_run
}

# Unpacked, not configured: the unpack failed and dpkg unwound, or the run ended because of another package, or was killed.
settle_unpacked() {
  local failed
  case $dpkg_status in
  ?[iWt]\ | ?[iWt])
    if [ "$dpkg_version" = "$old_version" ]; then
      if set_is_changed; then return; fi
      start_services_again
      marks_are_back || return 0
      restore_program
      say "$new_version was not unpacked; $old_version stays, its services run"
      close_transaction aborted 'dpkg took the unpack back'
      result_line
      return
    fi
    ;;
  un\ | ?n\ | ?c\ )
    if [ -z "$old_version" ]; then
      restore_program
      close_transaction aborted 'dpkg took the unpack back'
      return
    fi
    ;;
  ?U\ )
    failed=$(members_that failed)
    if [ -n "$failed" ]; then
      automatic_return "of the set '$belay_set_name' failed: $(one_line "$failed")"
      return
    fi
    if waits_for_configure; then
      say "OWED. $new_version is unpacked and not configured, because the run ended for another reason; ${old_version:+$old_version still serves}"
      tell "next      dpkg --configure -a        (checks $new_version then; it is taken back if they fail)"
      tell "or        belay-$belay_package return        (puts ${old_version:-nothing} back now)"
      result_line
      write_status
      return 0
    fi
    ;;
  esac
  automatic_return "the run ended while $new_version was ${dpkg_status% } in the middle"
}

# The old files are in place and the old version was running: it runs again.
start_services_again() {
  [ -f "$tx/units" ] && [ -n "$old_version" ] || return 0
  reload_manager
  start_services || say "$reason"
}

settle_committed() {
  configure_killed || return 0
  finish_commit
  close_transaction committed
}

# What needs no answer now, and would make this apt run wait: a return without room, a journal of dpkg's.
settle_beside() {
  if is_guest; then return 0; fi
  systemd-run --quiet --no-block --collect --unit="$belay_unit-deferred" -p Type=oneshot -p KillMode=process -p TimeoutStartSec=infinity \
    -p Description="belay: $1 $belay_package" /bin/sh "$state/belay" settle unit >>"$tx/log" 2>&1 </dev/null || note 'the deferred unit runs already'
}

# The postinst of a killed dpkg goes on by itself (T): it ends before anything is taken back, and its commands with it
# (the watcher's parent-death signal).
kill_orphans() {
  local pid start
  pid=${tx_worker%% *}
  start=${tx_worker#* }
  if [ -n "$pid" ] && [ "$pid" != $$ ] && [ "$(process_start "$pid")" = "$start" ]; then
    note "ending process $pid of the interrupted attempt"
    kill -KILL "$pid" 2>/dev/null || : # it ended meanwhile
  fi
}

# 0: prepared, and the front end, or the dpkg, that it was prepared for is at work.
still_prepared() {
  local run
  case $tx_state in
  '' | prepared) ;;
  *) return 1 ;;
  esac
  run=$(fact run_by)
  [ -n "$run" ] && [ "$tx_boot" = "$(cat /proc/sys/kernel/random/boot_id)" ] && [ "$(process_start "${run%% *}")" = "${run#* }" ]
}

# settle CALLER: hook | unit | boot | unhold | person. Returns 0 always: nobody else's apt run fails because of us (invariant 9).
settle() {
  in_settle=yes
  settle_open "$1"
  case $1 in
  unit | boot)
    trap - TERM
    leave_dpkg_clean
    # A transaction that began meanwhile found this unit at work and counts on it.
    while another_is_open; do
      load_open && hand_over settle "$1"
      settle_open "$1"
      trap - TERM
      leave_dpkg_clean
    done
    ;;
  *) dpkg_journal_is_clean || [ -z "$tx" ] || settle_beside 'merge the journal of dpkg for' ;;
  esac
  return 0
}

# 0: open is another transaction than the last that was looked at.
another_is_open() {
  local name
  name=$(readlink "$state/open" 2>/dev/null) || return 1 # nothing is open
  [ "$tx" != "$state/$name" ]
}

settle_open() {
  local attempt=0 watched=interim
  settling='' settle_caller=$1
  trap '' HUP PIPE INT
  case $1 in
  unit | boot) ;; # while it only waits, a stopping system may end it
  *) trap '' TERM ;;
  esac
  [ "$1" != hook ] || unit_has_told || : # most often there is nothing to tell
  load_open || { suspended || forget_purged; return 0; }
  if must_wait "$1" || is_elsewhere "$1"; then return 0; fi
  case $1:$tx_state in
  hook:unproven | hook:probation)
    keep_watch
    return 0
    ;;
  esac
  if system_is_stopping; then
    note 'the system is stopping: the next boot settles this'
    return 0
  fi
  while load_open; do
    attempt=$((attempt + 1))
    case $1 in
    unit | boot)
      trap - TERM
      wait_watching "$1" || continue
      load_open || return 0
      if must_wait "$1"; then return 0; fi
      if system_is_stopping; then return 0; fi
      trap '' TERM
      # Between two dpkg runs of one front end an unpacked package is nothing to settle: wait for what comes.
      if between_dpkg_runs && [ "$attempt" -lt 50 ] && [ "$1" = unit ]; then
        sleep 0.1
        continue
      fi
      # Between the hook and dpkg aptitude holds no lock that can be seen (T).
      if still_prepared; then
        sleep 0.1
        continue
      fi
      ;;
    esac
    if ! lock_manner; then
      case $1 in
      hook)
        unit_has_told || return 0 # a stranger works: the unit does it when the lock is free
        continue
        ;;
      person | unhold) say "OWED: $reason"; return 0 ;;
      esac
      continue
    fi
    kill_orphans
    if ! take_lock 5; then
      case $1 in
      unit | boot) sleep 0.2 ;;
      hook) unit_has_told || return 0 ;;
      *) return 0 ;;
      esac
      continue
    fi
    if ! load_open || { [ "$1" = unit ] && { still_prepared || { between_dpkg_runs && ! lock_manner; }; }; }; then
      drop_lock
      continue
    fi
    # Switched while it waited.
    if must_wait "$1"; then
      drop_lock
      return 0
    fi
    merge_dpkg_journal || note 'dpkg could not merge its journal'
    lost_race='' postponed=''
    [ "$1" != unit ] || tell_run
    settle_transaction || note "settle: $reason"
    has_told_run
    drop_lock
    if [ -n "$postponed" ]; then
      case $1 in
      unit | boot)
        trap - TERM
        wait_for_room || return 0
        settling=''
        continue
        ;;
      esac
      going_down || settle_beside 'take back'
      return 0
    fi
    [ -n "$lost_race" ] || break
    settling=yes
    sleep 0.1
  done
  return 0
}
