# A transaction: its directory, the link "open" that names the one under way, and what its journal says.

# Reads a journal in one pass, without a process: this is on the way to every decision.
load_transaction() {
  local when='' kind name value end
  tx=$1
  tx_state='' old_version='' new_version='' tx_boot='' tx_machine='' tx_opened='' tx_guest='' tx_started='' tx_worker=''
  tx_previous='' tx_override='' tx_observed='' tx_from='' tx_resumed=0 tx_failed='' tx_first='' tx_stopped_at='' tx_served_at=''
  tx_states='' tx_facts='' tx_done='' tx_torn=''
  [ -f "$tx/journal" ] || return 1
  while IFS="$tab" read -r when kind name value end; do
    # An empty value lets read shift the full stop: tabs are white space to it.
    if [ "$value" = '.' ] && [ -z "$end" ]; then value='' end='.'; fi
    [ "$end" = '.' ] || continue
    case $kind in
    state) tx_state=$name tx_resumed=0 tx_since=$when tx_states="$tx_states$newline$name$newline" ;;
    'done') tx_resumed=0 tx_done="$tx_done$newline$name$newline" ;;
    fact)
      tx_facts="$tx_facts$newline$name$tab$value$newline"
      case $name in
      old) old_version=$value ;;
      new) new_version=$value ;;
      boot) tx_boot=$value ;;
      machine) tx_machine=$value ;;
      opened) tx_opened=$value ;;
      guest) tx_guest=$value ;;
      started) tx_started=$value ;;
      worker) tx_worker=$value ;;
      previous) tx_previous=$value ;;
      override) tx_override=$value ;;
      observed) tx_observed=$value ;;
      from) tx_from=$value ;;
      failed) tx_failed=$value ;;
      first) tx_first=$value ;;
      stopped_at) tx_stopped_at=$value ;;
      served_at) tx_served_at=$value ;;
      resumed) tx_resumed=$((tx_resumed + 1)) ;;
      esac
      ;;
    esac
  done <"$tx/journal"
  # read fails at the end of the file; it fails with something read when that has no newline.
  [ -z "$when" ] || tx_torn=yes
  [ "$old_version" != none ] || old_version=''
}

# 0: a transaction is open, and loaded.
load_open() {
  local name known="$tx"
  tx='' tx_state=''
  [ -L "$state/open" ] || return 1
  # Asked again and again, and most often it is the one that is known.
  # shellcheck disable=SC3013 # POSIX since 2024, and dash and busybox have it
  if [ -n "$known" ] && [ "$known" -ef "$state/open" ]; then name=${known#"$state/"}; else name=$(readlink "$state/open") || return 1; fi
  if [ ! -f "$state/$name/journal" ]; then
    rm -f "$state/open"
    return 1
  fi
  load_transaction "$state/$name"
}

# 0: there is a last transaction, settled or not, and it is loaded. What was refused or died early changed nothing, so it does
# not hide that a person is waited for.
load_last() {
  local directory last='' state_of_last=''
  load_open && return 0
  for directory in "$state"/transactions/*/; do
    load_transaction "${directory%/}" || continue
    # A power cut before its first state: it never was.
    [ -n "$tx_state" ] || continue
    case $state_of_last:$tx_state in
    stranded:refused | stranded:aborted | held:refused | held:aborted) continue ;;
    esac
    last=$tx state_of_last=$tx_state
  done
  [ -n "$last" ] && load_transaction "$last"
}

settled() {
  case $1 in
  committed | refused | aborted | returned | held | stranded) return 0 ;;
  esac
  return 1
}

# 0: the version of the open transaction may be installed once more, which changes nothing of it.
may_be_reinstalled() {
  case $tx_state in
  unproven | probation) return 0 ;;
  esac
  settled "$tx_state"
}

# close_transaction STATE [DETAIL]: the last line of a journal; then the switch is disarmed and the ballast freed.
close_transaction() {
  [ "$tx_state" = "$1" ] || enter "$1" "${2-}" || return 1
  rm -f "$tx/ballast" "$tx/unheld"
  rm -rf "$tx/archives" "$tx/new" "$tx/before"
  # Stranded, it serves on until somebody does the Plan B, or a boot.
  if [ "$1" != stranded ] || ! interim_serves; then
    take_interim_away
    rm -rf "$tx/interim"
  fi
  disarm
  rm -f "$state/open"
  sync "$state"
  write_status
}
