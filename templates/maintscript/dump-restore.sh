# Puts a dump back through the restore command, which reads it on its standard input.

# dump_restore N FILE
dump_restore() {
  local name save verify restore user restore_when timeout
  "dump_$1"
  dump_check "$2" || return 1
  run_command_quiet "$user" "$timeout" "restore of dump '$name'" "$restore" "dump-$1-restore" <"$2" || return 1
  # What it says of what it set aside is the only record of where that is.
  cat "$tx/output" >>"$tx/log" || : # a full disk does not undo a restore
  printf "dump '%s'\trestored, %s\n" "$name" "$(last_line)" >>"$tx/restored" || : # as above
}
