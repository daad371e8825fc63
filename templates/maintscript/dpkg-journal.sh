# dpkg's own journal: what it had no time, or no room, to write into its database. apt refuses to work until it is merged (T).

# 0: there is none. Without a process: the hook asks.
dpkg_journal_is_clean() {
  local file
  for file in /var/lib/dpkg/updates/[0-9]*; do
    if [ -e "$file" ]; then return 1; fi
  done
  return 0
}

# This merges and configures nothing (T).
merge_dpkg_journal() {
  local log=/dev/null
  [ -z "$tx" ] || log=$tx/log
  dpkg_journal_is_clean || env $dpkg_frontend dpkg --set-selections </dev/null >>"$log" 2>&1 9>&-
}

# A disk that was full to its last block: the transaction may have ended, and the journal is still there. Nobody else's apt works
# until it is merged, so this waits for the room: an hour, and again from the next boot on.
leave_dpkg_clean() {
  local pause=1 tries=0
  while ! dpkg_journal_is_clean; do
    tries=$((tries + 1))
    if [ "$tries" -gt 120 ]; then
      say "dpkg's journal in /var/lib/dpkg/updates cannot be merged; apt works again after: dpkg --configure -a"
      return 0
    fi
    if another_is_open || suspended || system_is_stopping; then return 0; fi
    # What somebody who works has written meanwhile is not ours to merge.
    lock_manner && [ "$apt_lock" = '-oDPkg::Lock::Timeout=0' ] && merge_dpkg_journal && dpkg_journal_is_clean && break
    sleep "$pause"
    [ "$pause" -ge 30 ] || pause=$((pause * 2))
  done
  [ -L "$state/open" ] || disarm
}
