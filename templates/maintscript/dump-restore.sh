# Puts a dump back through the restore command, which reads it on its standard input.

# dump_restore N FILE
dump_restore() {
  local name save verify restore user restore_when timeout
  "dump_$1"
  dump_check "$2" || return 1
  run_command_quiet "$user" "$timeout" "restore of dump '$name'" "$restore" <"$2"
}
