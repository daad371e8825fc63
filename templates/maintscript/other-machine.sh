# Whose transaction it is that lies here: this host's as it runs, or that of another machine or system on the same disk.

# A copy of a host's disk (an image, a restored backup) carries the transaction of the host it was copied from: who runs there, and on
# what data, this copy cannot know. Images without a machine-id of their own (chroots) are any host's.
# 0: the open transaction is another machine's.
of_another_machine() {
  local machine=''
  if [ -n "$tx_guest" ]; then return 1; fi
  case $tx_machine in
  '' | none | uninitialized) return 1 ;;
  esac
  if [ -r /etc/machine-id ]; then read -r machine </etc/machine-id || :; fi # an empty one
  case $machine in
  "$tx_machine" | '' | uninitialized) return 1 ;;
  esac
  return 0
}

# is_elsewhere CALLER: 0: CALLER settles nothing here. A person's word makes a copy's transaction this machine's own.
is_elsewhere() {
  if of_another_machine; then
    if [ "$1" != person ]; then
      note "this is a copy of the machine $tx_machine: its transaction is left alone here"
      return 0
    fi
    take_lock 5 && remember machine "$(cat /etc/machine-id)" || { say "OWED: $reason"; return 0; }
    drop_lock
  fi
  # A rescue system's chroot has neither the services nor the data of the host as it runs.
  if [ -z "$tx_guest" ] && [ "$1" != person ] && is_guest; then
    note "left alone: $guest_because"
    return 0
  fi
  return 1
}
