# A new transaction: its directory is complete before the link "open" names it.

# begin_transaction OLD NEW: OLD empty = none.
begin_transaction() {
  local directory sequence=0 name
  for directory in "$state"/transactions/*/; do
    name=${directory%/}
    name=${name##*/}
    name=${name%%-*}
    case $name in
    *[!0-9]* | '') continue ;;
    esac
    # A leading zero would make it octal.
    while [ "$name" != "${name#0}" ] && [ "$name" != 0 ]; do name=${name#0}; done
    [ "$name" -le "$sequence" ] || sequence=$name
  done
  name="transactions/$(printf '%04d' $((sequence + 1)))-$(date -u +%Y%m%dT%H%M%SZ)-${1:-none}-$2"
  mkdir -m 0700 "$state/$name" "$state/$name/wayback" "$state/$name/snapshot" || {
    reason="cannot make $state/$name"
    return 1
  }
  tx=$state/$name
  take_interim_away
  tx_states='' tx_facts='' tx_done='' tx_torn=''
  tx_state='' tx_opened='' tx_guest='' tx_previous='' tx_override='' tx_observed='' tx_would_refuse='' tx_failed='' tx_first='' tx_resumed=0
  old_version=$1
  new_version=$2
  journal fact old "${1:-none}" &&
    journal fact new "$2" &&
    journal fact boot "$(cat /proc/sys/kernel/random/boot_id)" &&
    journal fact machine "$(cat /etc/machine-id 2>/dev/null || echo none)" && # images carry none
    journal fact started "$(uptime_ms)" &&
    journal fact generator "$belay_generator" &&
    cp "$program" "$tx/program" && sync "$tx/program" &&
    ln -s "$name" "$state/open.new" && mv -T "$state/open.new" "$state/open" &&
    sync "$state" "$state/transactions" || {
    reason="cannot write $tx"
    return 1
  }
}
