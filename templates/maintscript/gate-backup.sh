# Gate: a backup that is new enough, big enough and, where verify is given, readable.

gate_backup() {
  local newest stamp bytes age place="$belay_backup_path" satisfy="make a new backup in $belay_backup_path"
  if [ ! -e "$place" ]; then
    gate_failed backup "$place does not exist" "$satisfy"
    return 0
  fi
  # The name comes last and up to the NUL, so it may hold anything; the trailing slash follows a link that leads to a directory.
  [ ! -d "$place" ] || place="$place/"
  newest="$(find -P "$place" -xdev -type f -printf '%T@ %s %p\0' 2>/dev/null | LC_ALL=C sort -zrn | head -z -n 1 | tr '\n\0' '?\n')"
  if [ -z "$newest" ]; then
    gate_failed backup "no file in $belay_backup_path" "$satisfy"
    return 0
  fi
  stamp="${newest%% *}" newest="${newest#* }"
  bytes="${newest%% *}" newest="${newest#* }"
  age=$(($(date +%s) - ${stamp%.*}))
  if [ "$age" -lt -60 ]; then
    gate_failed backup "newest file in $belay_backup_path is dated in the future: $newest" 'check the clock and the file'
  elif [ -n "$belay_backup_max_age_seconds" ] && [ "$age" -ge "$belay_backup_max_age_seconds" ]; then
    gate_failed backup "newest file in $belay_backup_path is $(age "$age") old, needs < $(age "$belay_backup_max_age_seconds")" \
      "$satisfy"
  elif [ -n "$belay_backup_min_size" ] && [ "$bytes" -lt "$belay_backup_min_size" ]; then
    gate_failed backup "newest file in $belay_backup_path has $(size "$bytes"), needs $(size "$belay_backup_min_size")" "$satisfy"
  elif [ -n "$belay_backup_verify" ] && ! backup_is_readable; then
    gate_failed backup "$reason" "$satisfy"
  else
    gate_ok backup "$newest, $(age "$age") old, $(size "$bytes")"
  fi
}

backup_is_readable() {
  if [ ! -r "$newest" ]; then
    reason="$newest cannot be read"
    return 1
  fi
  run_command_quiet '' 600000 "verify of $newest" "$belay_backup_verify" backup-verify <"$newest"
}

# age SECONDS: 40 s, 12 min, 31 h, 4 d
age() {
  if [ "$1" -lt 120 ]; then
    echo "$(($1 < 0 ? 0 : $1)) s"
  elif [ "$1" -lt 7200 ]; then
    echo "$(($1 / 60)) min"
  elif [ "$1" -lt 172800 ]; then
    echo "$(($1 / 3600)) h"
  else
    echo "$(($1 / 86400)) d"
  fi
}
