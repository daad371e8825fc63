# The journal of a transaction: one line an event, "TIME<tab>KIND<tab>NAME<tab>VALUE<tab>.", appended and fsynced before the
# action it announces. The last field is a full stop: a line torn by a power cut lacks it and does not count.

# journal KIND NAME VALUE; kinds: state, fact, done. What it says is also held in tx_states, tx_facts and tx_done (load_transaction).
journal() {
  local value="$3"
  case $value in
  *[[:cntrl:]]*) value=$(one_line "$value") ;;
  esac
  # A line torn by a power cut is closed first, else this one would be glued to it.
  if [ -n "$tx_torn" ]; then
    echo >>"$tx/journal" || return 1
    tx_torn=''
  fi
  printf '%s\t%s\t%s\t%s\t.\n' "$(date -u +%FT%T.%3NZ)" "$1" "$2" "$value" >>"$tx/journal" || {
    tx_torn=yes
    return 1
  }
  sync "$tx/journal" || return 1
  case $1 in
  state) tx_states="$tx_states$newline$2$newline" ;;
  fact) tx_facts="$tx_facts$newline$2$tab$value$newline" ;;
  'done') tx_done="$tx_done$newline$2$newline" ;;
  esac
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

# finish_of COUNT NAME [VALUE]: where the release has none of what the part is about, there is nothing to remember: the next one finds
# that again.
finish_of() {
  if [ "$1" -gt 0 ]; then finish "$2" "${3-}"; else hook_point "$2"; fi
}

# finished NAME
finished() {
  case $tx_done in
  *"$newline$1$newline"*) return 0 ;;
  esac
  return 1
}

# finished_state STATE: the journal went through it.
finished_state() {
  case $tx_states in
  *"$newline$1$newline"*) return 0 ;;
  esac
  return 1
}

# fact NAME: prints the last value remembered under it.
fact() {
  local value="${tx_facts##*"$newline$1$tab"}"
  [ "$value" != "$tx_facts" ] || return 0
  printf '%s' "${value%%"$newline"*}"
}
