# Dumps: the command writes to its standard output, the file is ours, and verify must be able to fail.

# dump_save N FILE
dump_save() {
  local name save verify restore user restore_when timeout file="$2" pass="${2%/*}"
  pass="${pass##*/}-$1" # trial-N or dumps-N
  "dump_$1"
  rm -f "$file" "$file.sha256" "$file.partial" "$file.half"
  if ! (umask 077 && true >"$file.partial"); then
    reason="dump '$name': cannot write '$file'"
    return 1
  fi
  if ! run_command "$user" "$timeout" "dump '$name'" "$save" "$pass-save" </dev/null >"$file.partial" || ! prove_dump; then
    rm -f "$file.partial"
    return 1
  fi
  if ! sync "$file.partial" || ! write_dump_sum || ! mv "$file.partial" "$file" || ! sync "${file%/*}"; then
    rm -f "$file" "$file.partial"
    reason="dump '$name': cannot write '$file'"
    return 1
  fi
}

# prove_dump: verify passes on the whole dump and fails on half of it
prove_dump() {
  local code=0 bytes
  if [ ! -s "$file.partial" ]; then
    reason="dump '$name': is empty"
    return 1
  fi
  run_command_quiet "$user" "$timeout" "dump '$name': verify" "$verify" "$pass-verify" <"$file.partial" || return 1
  bytes="$(stat -c %s "$file.partial")" || bytes=0
  if ! (umask 077 && head -c "$((bytes / 2))" "$file.partial" >"$file.half"); then
    rm -f "$file.half"
    reason="dump '$name': cannot write '$file.half'"
    return 1
  fi
  run_command_quiet "$user" "$timeout" "dump '$name': verify of a truncated copy" "$verify" <"$file.half" || code=$?
  rm -f "$file.half"
  case "$code" in
    0) reason="dump '$name': verify passes on a truncated copy" ;;
    # not an answer of verify: reason says what happened to it
    124 | 125 | 126 | 127 | 137) ;;
    *)
      reason=''
      return 0
      ;;
  esac
  return 1
}

write_dump_sum() {
  local sum
  sum="$(sha256sum <"$file.partial")" || return 1
  (umask 077 && printf '%s\n' "${sum%% *}" >"$file.sha256") && sync "$file.sha256"
}

# dump_check FILE: it is still what was verified
dump_check() {
  local sum recorded
  if ! read -r recorded <"$1.sha256" || ! sum="$(sha256sum <"$1")"; then
    reason="dump '$1' is missing or cannot be read"
    return 1
  fi 2>/dev/null
  if [ "${sum%% *}" != "$recorded" ]; then
    reason="dump '$1' is not what was saved"
    return 1
  fi
}
