# The Plan B's parts about the package, its services and checks, and the end.

# plan_b_installed PACKAGE VERSION
plan_b_installed() {
  printf "dpkg-query -W -f '\${db:Status-Status} \${Version}\\\\n' %s | grep -Fx %s" "$(quoted "$1")" "$(quoted "installed $2")"
}

# What goes back together, and how much of it is kept here.
plan_b_set() {
  local name arch version mark selection file size
  [ -s "$tx/set" ] || [ -s "$tx/remove" ] || return 0
  remark 'In one command with it, because this run changed them and they cannot live with the version before:'
  while read -r name arch version mark selection; do
    size=''
    for file in "$tx/wayback/${name}_"*.deb; do [ ! -e "$file" ] || size=$(($(stat -c %s "$file") / 1024)); done
    remark "  $(shown "$name $version") goes back (kept here: $size KB)"
  done <"$tx/set"
  while read -r name; do
    remark "  $(shown "$name") goes: this run newly installs it"
  done <"$tx/remove"
}

# Sets plan_b_words (apt's), plan_b_files, plan_b_gone.
plan_b_arguments() {
  local line
  plan_b_words='' plan_b_files='' plan_b_gone=''
  while IFS= read -r line; do
    [ -n "$line" ] || continue
    case $line in
    *.deb) line=$(quoted "./wayback/${line##*/}") plan_b_files="$plan_b_files $line" ;;
    *) line=$(quoted "$line") plan_b_gone="$plan_b_gone ${line%-}" ;;
    esac
    plan_b_words="$plan_b_words $line"
  done <<LIST
$(return_arguments)
LIST
  # What was not kept has to be brought.
  has_way_back || plan_b_words="$plan_b_words ./wayback/*.deb" plan_b_files=' ./wayback/*.deb'
}

plan_b_install() {
  local name arch version mark selection by_hand
  plan_b_arguments
  if [ -n "$old_version" ]; then part "put $old_version back"; else part "take $belay_version away, and put back what was there"; fi
  remark 'The command that was proved before the update; if apt refuses, dpkg with the same files.'
  plan_b_set
  command_line 'dpkg --set-selections </dev/null'
  by_hand="dpkg --force-confdef --force-confold -i$plan_b_files"
  if [ -s "$tx/set" ] || [ -s "$tx/remove" ]; then
    by_hand="{ ${plan_b_gone:+dpkg --force-depends --force-remove-reinstreq --remove$plan_b_gone; }dpkg --auto-deconfigure --force-confdef --force-confold -i$plan_b_files; }"
  fi
  command_line "DEBIAN_FRONTEND=noninteractive apt-get -c ./return.conf -y --allow-downgrades --reinstall install$plan_b_words || $by_hand"
  while read -r name arch version mark selection; do
    command_line "if ! $(plan_b_installed "$name" "$version"); then dpkg --force-confdef --force-confold --configure $(quoted "$name"); fi"
    command_line "$(plan_b_installed "$name" "$version")"
  done <<LIST
$(return_members)
LIST
}

plan_b_remove() {
  if [ "$belay_first_install" = keep ]; then
    part "take $belay_version away: there was no version before it"
    remark 'The release says to keep it on a first install (first_install: keep): a person decides.'
    return 0
  fi
  if [ -s "$tx/set" ]; then
    plan_b_install
    return
  fi
  part "take $belay_version away: there was no version before it"
  plan_b_set
  plan_b_arguments
  command_line 'dpkg --set-selections </dev/null'
  command_line "dpkg --force-remove-reinstreq --remove$plan_b_gone"
}

plan_b_start() {
  local n=1 unit enable on_upgrade was_active was_enabled was_triggers was_dependents name
  [ "$belay_services" -gt 0 ] || return 0
  part "start $old_version"
  command_line 'systemctl daemon-reload'
  while [ "$n" -le "$belay_services" ]; do
    "service_$n"
    was_active=yes was_enabled='' was_triggers=''
    [ ! -f "$tx/units" ] || unit_was "$n" || :
    case $was_enabled in
    enabled) command_line "systemctl enable $(quoted "$unit")" ;;
    disabled) command_line "systemctl disable $(quoted "$unit")" ;;
    esac
    if [ "$was_active" = yes ]; then
      for name in $was_triggers "$unit"; do command_line "systemctl start $(quoted "$name")"; done
    else
      remark "$(shown "$unit") was not running before the update"
    fi
    n=$((n + 1))
  done
}

plan_b_checks() {
  local n list=check name kind url tcp unit stays run user status body severity start_period interval timeout retries successes
  [ "$belay_fallback_checks_same" = true ] || list=fallback_check
  part "check $old_version"
  remark "Only what passed on $old_version before the update says something about it now."
  for n in $(old_checks); do
    "${list}_$n"
    plan_b_check
  done
}

# plan_b_check: one check, whose variables are set
plan_b_check() {
  local limit=$((start_period + (retries + successes) * (interval + timeout))) otherwise=''
  [ "$limit" -ge 10000 ] || limit=10000
  limit=$(((limit + 999) / 1000))
  [ "$severity" != advisory ] || otherwise=" || echo 'advisory: it reports only'"
  case $kind in
  http)
    remark "'$(shown "$name")': $(shown "GET $url"), expected status $(printf '%s' "$status" | tr '\n' ' ' | sed 's/ / or /g')${body:+, body matching $(shown "$body")}"
    command_line "$(plan_b_request) >answer$otherwise"
    command_line "head -n 1 answer | grep -E $(quoted "^HTTP/[0-9.]+ ($(printf '%s' "$status" | tr '\n' '|'))\\b")$otherwise"
    [ -z "$body" ] || command_line "grep -P -e $(quoted "$body") answer$otherwise"
    ;;
  tcp)
    remark "'$(shown "$name")': connect to $(shown "$tcp")"
    plan_b_place "$tcp" ''
    command_line "timeout $limit bash -c $(quoted "$plan_b_waiting")$otherwise"
    ;;
  unit)
    remark "'$(shown "$name")': $(shown "$unit") is active"
    command_line "systemctl is-active $(quoted "$unit")$otherwise"
    ;;
  run)
    remark "'$(shown "$name")': the command exits 0"
    command_line "$(user_command "$user" "$run" /dev/null)$otherwise"
    ;;
  esac
}

# plan_b_place HOST:PORT DEFAULT_PORT: sets plan_b_device and plan_b_waiting
plan_b_place() {
  local host="$1" port="$2" last
  last=${1##*:}
  case $1 in
  *:*)
    case $last in
    *']'*) ;;
    *) host=${1%:*} port=${last:-$2} ;;
    esac
    ;;
  esac
  host=$(printf '%s' "$host" | tr -d '[]')
  plan_b_device="/dev/tcp/$(quoted "$host")/$(quoted "$port")"
  plan_b_waiting="until (exec 3<>$plan_b_device) 2>/dev/null; do sleep 1; done"
}

# plan_b_request: bash alone can ask over HTTP; only TLS needs another program
plan_b_request() {
  local rest authority target
  case $url in
  http://*) ;;
  *)
    printf 'curl -sS -i --max-time %s --retry 10 --retry-connrefused --retry-delay 1 %s' "$(((timeout + 999) / 1000))" "$(quoted "$url")"
    return
    ;;
  esac
  rest=${url#http://}
  authority=${rest%%[/?#]*}
  target=${rest#"$authority"}
  target=${target%%#*}
  authority=${authority##*@}
  plan_b_place "$authority" 80
  case $target in
  /*) ;;
  *) target="/$target" ;;
  esac
  printf 'timeout %s bash -c %s' "$limit" "$(quoted "$plan_b_waiting; exec 3<>$plan_b_device; printf \"GET %s HTTP/1.0\\r\\nHost: %s\\r\\n\\r\\n\" $(quoted "$target") $(quoted "$authority") >&3; cat <&3")"
}

plan_b_close() {
  local pin name arch version mark selection
  pin="/etc/apt/preferences.d/00belay-$(printf '%s' "$belay_package" | sed 's/+/_p/g').pref"
  part 'close the transaction and say so'
  remark "$belay_version is refused from now on, as after a return of belay's own; to allow it: belay-$belay_package unblock $belay_version"
  command_line "printf '%s\\tstate\\treturned\\tby hand, Plan B\\t.\\n' \"\$(date -u +%FT%TZ)\" >>journal"
  command_line "printf '%s\\tby hand, Plan B\\n' $(quoted "$belay_version") >>$(quoted "$state/refused")"
  command_line "printf 'Explanation: belay: by hand, Plan B\\nPackage: %s\\nPin: version %s\\nPin-Priority: -1\\n' $(quoted "$belay_package") $(quoted "$belay_version") >$(quoted "$pin")"
  [ "$(fact mark)" != auto ] || command_line "apt-mark auto $(quoted "$belay_package")"
  [ "$(fact selection)" != hold ] || command_line "apt-mark hold $(quoted "$belay_package")"
  [ ! -s "$tx/set" ] || while read -r name arch version mark selection; do
    [ "$mark" != auto ] || command_line "apt-mark auto $(quoted "$name")"
    [ "$selection" != hold ] || command_line "apt-mark hold $(quoted "$name")"
  done <"$tx/set"
  command_line "rm -f $(quoted "$state/override")"
  remark "Send this directory's files plan-b.txt, journal and log, and what you saw, to the people named above."
  remark 'End of the Plan B.'
}
