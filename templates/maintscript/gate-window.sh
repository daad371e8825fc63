# Gate: the hours in which an update may begin. It never blocks a return.

gate_window() {
  local zone="$belay_window_timezone" day clock minute allowed
  # date falls back to UTC without a word when it does not know the zone
  if [ -n "$zone" ] && [ "$zone" != UTC ] && [ ! -f "/usr/share/zoneinfo/$zone" ]; then
    gate_failed window "this host has no time zone '$zone'" 'apt-get install tzdata'
    return 0
  fi
  if ! clock="$([ -z "$zone" ] || export TZ="$zone"; date '+%u %H:%M %a')"; then
    gate_failed window 'cannot read the clock' 'check the output of date'
    return 0
  fi
  day="${clock%% *}" minute="${clock#* }"
  minute="$(minutes "${minute%% *}")"
  allowed="$(days_in_words) $belay_window_from-$belay_window_to (${zone:-local time})"
  if printf '%s\n' "$belay_window_days" | grep -qx "$day" &&
    [ "$minute" -ge "$(minutes "$belay_window_from")" ] && [ "$minute" -lt "$(minutes "$belay_window_to")" ]; then
    gate_ok window "$allowed"
  else
    clock="${clock#* }"
    gate_failed window "now ${clock#* } ${clock% *}, allowed $allowed" "wait until $(next_window "$day" "$minute")"
  fi
}

# minutes HH:MM: since midnight
minutes() {
  local hour="${1%:*}" minute="${1#*:}"
  echo "$((${hour#0} * 60 + ${minute#0}))"
}

day_name() {
  case "$1" in
    1) echo Mon ;; 2) echo Tue ;; 3) echo Wed ;; 4) echo Thu ;; 5) echo Fri ;; 6) echo Sat ;; 7) echo Sun ;;
  esac
}

# days_in_words: Tue..Thu, or Mon,Wed,Fri
days_in_words() {
  local day first='' last='' words=''
  for day in $belay_window_days; do
    [ -n "$first" ] || first="$day"
    words="${words:+$words,}$(day_name "$day")"
    if [ -n "$last" ] && [ "$day" -ne "$((last + 1))" ]; then first=0; fi
    last="$day"
  done
  if [ "$first" -gt 0 ] && [ "$((last - first))" -ge 2 ]; then
    words="$(day_name "$first")..$(day_name "$last")"
  fi
  echo "$words"
}

# next_window DAY MINUTE: the day and time at which it opens next
next_window() {
  local ahead=0 day
  while [ "$ahead" -le 7 ]; do
    day=$((($1 - 1 + ahead) % 7 + 1))
    if printf '%s\n' "$belay_window_days" | grep -qx "$day"; then
      if [ "$ahead" -gt 0 ] || [ "$2" -lt "$(minutes "$belay_window_from")" ]; then
        echo "$(day_name "$day") $belay_window_from"
        return 0
      fi
    fi
    ahead=$((ahead + 1))
  done
}
