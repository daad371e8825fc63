# The journal of a transaction: one line an event, "TIME<tab>KIND<tab>NAME<tab>VALUE<tab>.", appended and fsynced before the
# action it announces. The last field is a full stop: a line torn by a power cut lacks it and does not count.

# journal KIND NAME VALUE; kinds: state, fact, done.
journal() {
  local value
  value=$3
  case $value in
  *[[:cntrl:]]*) value=$(one_line "$value") ;;
  esac
  # A torn line is closed first, else this one would be glued to it.
  if [ -s "$tx/journal" ] && [ -n "$(tail -c 1 "$tx/journal")" ]; then
    echo >>"$tx/journal" || return 1
  fi
  printf '%s\t%s\t%s\t%s\t.\n' "$(date -u +%FT%T.%3NZ)" "$1" "$2" "$value" >>"$tx/journal" || return 1
  sync "$tx/journal"
}

# enter STATE [DETAIL]
enter() {
  journal state "$1" "${2-}" || { reason="cannot write $tx/journal"; return 1; }
  tx_state=$1
  hook_point "$1"
}

# remember NAME VALUE
remember() {
  journal fact "$1" "$2" || { reason="cannot write $tx/journal"; return 1; }
}

# finish NAME: this part of the work is done and need not be done again.
finish() {
  journal 'done' "$1" "${2-}" || { reason="cannot write $tx/journal"; return 1; }
  hook_point "$1"
}

# finished NAME
finished() {
  LC_ALL=C grep -q "^[^$tab]*${tab}done${tab}$1${tab}.*${tab}\\.\$" "$tx/journal" 2>/dev/null # no journal: nothing is finished
}

# fact NAME: prints the last value remembered under it.
fact() {
  LC_ALL=C sed -n "s/^[^$tab]*${tab}fact${tab}$1${tab}\\(.*\\)${tab}\\.\$/\\1/p" "$tx/journal" 2>/dev/null | tail -n 1
}

# Named fault points of rehearsals and tests: a file of root's own names the point at which this program is killed or waits.
# Nothing is there on any other host, and the test costs one stat.
hook_point() {
  [ -e "$state/fault" ] || return 0
  local point='' action=''
  read -r point action <"$state/fault" || :
  [ "$point" = "$1" ] || return 0
  case $action in
  kill)
    rm -f "$state/fault"
    kill -KILL $$
    ;;
  wait)
    : >"$state/fault.reached"
    while [ -e "$state/fault" ]; do sleep 0.05; done
    ;;
  esac
}
