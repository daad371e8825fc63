# Time and sizes. Every limit is measured with a clock that nobody can set.

# uptime_ms: milliseconds since the host was started
uptime_ms() {
  local seconds rest hundredths
  read -r seconds rest </proc/uptime || return 1
  hundredths="${seconds#*.}"
  seconds="${seconds%.*}"
  # 1NN - 100: a leading zero would make it an octal number
  echo "$((seconds * 1000 + (1$hundredths - 100) * 10))"
}

# sleep_ms N
sleep_ms() {
  local fraction
  [ "$1" -gt 0 ] || return 0
  fraction="$(printf '%03d' "$(($1 % 1000))")"
  sleep "$(($1 / 1000)).$fraction"
}

# duration MS: as people say it (0.8 s, 30 s, 2m 04s, 45m, 1h 05m)
duration() {
  local seconds="$(($1 / 1000))"
  if [ "$1" -lt 10000 ] && [ "$(($1 % 1000))" -ne 0 ]; then
    echo "$seconds.$(($1 % 1000 / 100)) s"
  elif [ "$seconds" -lt 60 ]; then
    echo "$seconds s"
  elif [ "$seconds" -lt 3600 ] && [ "$((seconds % 60))" -eq 0 ]; then
    echo "$((seconds / 60))m"
  elif [ "$seconds" -lt 3600 ]; then
    printf '%dm %02ds\n' "$((seconds / 60))" "$((seconds % 60))"
  else
    printf '%dh %02dm\n' "$((seconds / 3600))" "$((seconds / 60 % 60))"
  fi
}

# size BYTES: as people say it (512 B, 3 MB, 1.5 GB)
size() {
  local divisor unit
  if [ "$1" -lt 1000 ]; then
    echo "$1 B"
    return 0
  elif [ "$1" -lt 1000000 ]; then
    divisor=1000 unit=kB
  elif [ "$1" -lt 1000000000 ]; then
    divisor=1000000 unit=MB
  elif [ "$1" -lt 1000000000000 ]; then
    divisor=1000000000 unit=GB
  else
    divisor=1000000000000 unit=TB
  fi
  if [ "$(($1 / divisor))" -lt 10 ]; then
    echo "$(($1 / divisor)).$(($1 * 10 / divisor % 10)) $unit"
  else
    echo "$(($1 / divisor)) $unit"
  fi
}
