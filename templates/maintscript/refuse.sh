# A bad version is refused by record until "unblock"; the pin only keeps apt from proposing it (design, section 6).

pin_file() { printf '/etc/apt/preferences.d/00belay-%s.pref' "$(printf '%s' "$belay_package" | sed 's/+/_p/g')"; }

# refused_because VERSION: prints the reason of the record; 1: there is none.
refused_because() {
  local version why
  [ -f "$state/refused" ] || return 1
  while IFS="$tab" read -r version why; do
    if [ "$version" = "$1" ]; then
      printf '%s' "$why"
      return 0
    fi
  done <"$state/refused"
  return 1
}

# record_refusal VERSION WHY
record_refusal() {
  refused_because "$1" >/dev/null && return 0
  printf '%s\t%s\n' "$1" "$(one_line "$2")" >>"$state/refused" && sync "$state/refused" || say "could not record that $1 is refused"
}

# The pins of all refused versions, in one file; one malformed file would break all of apt (T): validated, else removed.
write_pins() {
  local file version why
  file=$(pin_file)
  if [ ! -s "$state/refused" ]; then
    rm -f "$file"
    return 0
  fi
  [ -d "${file%/*}" ] || return 0
  while IFS="$tab" read -r version why; do
    printf 'Explanation: belay: %s\nPackage: %s\nPin: version %s\nPin-Priority: -1\n\n' "$why" "$belay_package" "$version"
  done <"$state/refused" >"$file.new" && chmod 0644 "$file.new" && mv "$file.new" "$file" || { rm -f "$file.new"; return 0; }
  if ! timeout 60 apt-cache policy "$belay_package" >/dev/null 2>>"$tx/log" 9>&-; then
    rm -f "$file"
    note 'the pin was removed again: apt does not read its preferences with it'
  fi
}

# forget_refusal VERSION: 1: it was not refused.
forget_refusal() {
  refused_because "$1" >/dev/null || return 1
  while IFS="$tab" read -r version why; do
    [ "$version" = "$1" ] || printf '%s\t%s\n' "$version" "$why"
  done <"$state/refused" >"$state/refused.new" && sync "$state/refused.new" && mv "$state/refused.new" "$state/refused"
}

# failed_here VERSION: it is what dpkg has unpacked, it was never configured (or only to wait for its set), and its newest
# transaction (another version's may have come since) ended with its failure. Sets failed_state.
failed_here() {
  local directory ours="$tx"
  failed_state=''
  dpkg_state
  [ "$dpkg_version" = "$1" ] || return 1
  for directory in "$state"/transactions/*/; do
    load_transaction "${directory%/}" && [ "$new_version" = "$1" ] || continue
    case $tx_state in
    stranded | held | returned) failed_state=$tx_state ;;
    *) failed_state='' ;;
    esac
    [ "$dpkg_config_version" != "$1" ] || { [ -n "$(fact set_awaited)" ] && [ "${dpkg_status#?}" != 'i ' ]; } || failed_state=''
  done
  tx=$ours
  [ -z "$tx" ] || load_transaction "$tx"
  [ -n "$failed_state" ]
}
