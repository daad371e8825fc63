# shellcheck shell=bash
# shellcheck disable=SC2154  # stage.sh and the environment say it
# What is there in the end, a line a fact: KEY<tab>VALUE. Sourced by stage.sh.

line() { printf '%s\t%s\n' "$1" "$(printf '%s' "$2" | tr '\n\t' '| ')"; }

observe() {
  local unit display=''
  line package "$(dpkg-query -W -f '${db:Status-Status} ${Version}' "$package" 2> /dev/null)"
  line packages "$(dpkg-query -W -f '${db:Status-Abbrev}${Package} ${Version}\n' | grep -v "^.. *$package " | grep -v '^ii ')"
  line installed "$(dpkg-query -W -f '${Package}\n' | grep -vx "$package" | sha256sum | cut -c 1-16)"
  line selection "$(dpkg --get-selections "$package" 2> /dev/null | cut -f 2- | tr -d '\t')"
  line auto "$(sed -n "/^Package: $package\$/,/^\$/s/^Auto-Installed: //p" /var/lib/apt/extended_states 2> /dev/null)"
  line conffiles "$(dpkg-query -W -f '${Conffiles}' "$package" 2> /dev/null | sed 's/ [0-9a-f]* *\(obsolete\)*$/ \1/' | grep -v /60belay-)"
  line verify "$(dpkg --verify "$package" 2>&1 | grep -v ' c /')"
  line journal "$(cd /var/lib/dpkg/updates && find . -name '[0-9]*')"
  if [ -d /run/systemd/system ]; then
    for unit in $units; do
      line "unit $unit" "$(systemctl is-active "$unit" 2> /dev/null), $(systemctl is-enabled "$unit" 2> /dev/null)"
    done
    line failed "$(systemctl --failed --plain --no-legend 2> /dev/null | cut -d ' ' -f 1)"
    line drop-ins "$(cd /etc/systemd/system && find . -name 'belay-*' | LC_ALL=C sort)"
  fi
  line ports "$(ss -Hltn | awk '{ print $4 }' | LC_ALL=C sort -u)"
  line processes "$(left_behind)"
  line act "$(cat "$work/act.status" 2> /dev/null)"
  line stuck "$(cat "$work/stuck" 2> /dev/null)"
  line finding "$(cat "$work/finding" 2> /dev/null)"
  line missed "$(cat "$work/missed" 2> /dev/null)"
  if [ -e "$state/belay" ]; then
    sh "$state/belay" status --json > "$work/status.json" 2> /dev/null < /dev/null
    line status "$?"
    display=$(sed -n 's/.*"display": "\([a-z]*\)".*/\1/p' "$work/status.json")
    line display "$display"
    line state "$(sed -n 's/.*"state": "\([a-z]*\)".*/\1/p' "$work/status.json")"
    case $display in
      refused) line why "$(why_refused)" ;;
      aborted) line why "$(why_aborted)" ;;
      *) line why "$(perl -ne 'print $1 if /"why": "((?:[^"\\]|\\.)*)"/' "$work/status.json" | sed 's/\\\(.\)/\1/g')" ;;
    esac
    case $display in
      held | stranded | owed | unproven)
        sh "$state/belay" status > "$work/status.txt" 2>&1 < /dev/null
        line next "$(sed -n 's/^owed *//p' "$work/status.txt")"
        line copies "$(sh "$state/belay" verify 2>&1 < /dev/null | grep -v '^ok\|^gone')"
        line plan-b "$(tail -q -n 1 "$state"/transactions/*/plan-b.txt 2> /dev/null | tail -n 1)"
        apt-get -y -q install "$helpers/other_1_all.deb" > "$work/other.log" 2>&1 < /dev/null
        line other "$? $(dpkg-query -W -f '${db:Status-Status}' belay-rehearsal-other 2> /dev/null)"
        ;;
    esac
  fi
  # Last words, where something went wrong.
  case $display in
    committed | none) ;;
    *)
      line 'said the preinstall script' "$(words_of preinstall)"
      line 'said the postinstall script' "$(words_of postinstall)"
      for unit in $units; do line "said $unit" "$(last_words "$unit")"; done
      ;;
  esac
  for unit in $units; do line "took $unit" "$(times_of "$unit")"; done
  data_state end
}

# why_refused: what belay said when it refused; its record of a refusal that was free has no more than that.
why_refused() { sed -n -e 's/^ *why  *//p' -e 's/^ *\([^ ]*\)  *FAILED  */\1: /p' "$work/act.log" 2> /dev/null | tail -n 3; }

# why_aborted: what the preinst said when it refused after all.
why_aborted() { sed -n 's/^belay: [^ ]*: REFUSED\. //p' "$work/act.log" 2> /dev/null | tail -n 1; }

# words_of SCRIPT: what a script of the release said before it failed.
words_of() {
  grep -B 4 -e "^belay: [^ ]*: the release's $1 script failed" -e "^belay: [^ ]*: \(REFUSED. \)\?the $1 script of the release failed" "$work/act.log" 2> /dev/null |
    grep -v -e '^--$' -e '^belay: ' -e '^Setting up ' -e '^Preparing ' -e '^Unpacking ' -e '^(Reading ' -e '^debconf: ' |
    tail -n 2 | tr '\n|' '  ' | sed 's/ *$//'
}

# last_words UNIT: what its own processes said in the last start that failed, also when it runs again; else what is said of it.
last_words() {
  local failed start end
  # systemd's message "Failed with result …": when, and of which start.
  read -r end failed < <(unit_messages "$1" d9b373ed55a64feb8242e02dbe79a49c | tail -n 1)
  if [ -n "$failed" ]; then
    if journalctl -q -b "_SYSTEMD_INVOCATION_ID=$failed" -n 3 -o cat 2> /dev/null | grep .; then return; fi
    # journald does not know the start of a process that ended before it looked; nor is it always behind systemd.
    read -r start _ < <(unit_messages "$1" 7d4958e842da4a758f6c1cdc7b36dcc5 | grep -F "$failed")
    if [ -n "$start" ] && journalctl -q -b "_SYSTEMD_UNIT=$1" --since "$(moment "$start")" --until "$(moment "$((end + 300000))")" \
      -n 3 -o cat 2> /dev/null | grep .; then return; fi
  fi
  case $(systemctl is-active "$1" 2> /dev/null) in
    failed | activating) journalctl -q -b -u "$1" -n 3 -o cat 2> /dev/null ;;
  esac
}

# unit_messages UNIT MESSAGE: those of systemd about it in this run: microseconds since the epoch, and the start that they are about.
unit_messages() {
  journalctl -q -b -o json --output-fields=INVOCATION_ID "UNIT=$1" "MESSAGE_ID=$2" \
    --since "@$(cut -d . -f 1 "$work/began" 2> /dev/null || echo 0)" 2> /dev/null |
    perl -ne 'print "$1 " if /"__REALTIME_TIMESTAMP" ?: ?"(\d+)"/; print "$1\n" if /"INVOCATION_ID" ?: ?"([0-9a-f]+)"/'
}
moment() { printf '@%d.%06d' "$(($1 / 1000000))" "$(($1 % 1000000))"; }

# times_of UNIT: how long its last stop and the start after it took; none: it was not stopped.
times_of() {
  local key value left=0 stopped=0 began=0 started=0
  while IFS='=' read -r key value; do
    case $key in
      ActiveExit*) left=$((value / 1000)) ;;
      InactiveEnter*) stopped=$((value / 1000)) ;;
      InactiveExit*) began=$((value / 1000)) ;;
      ActiveEnter*) started=$((value / 1000)) ;;
    esac
  done < <(systemctl show -p ActiveExitTimestampMonotonic -p InactiveEnterTimestampMonotonic -p InactiveExitTimestampMonotonic \
    -p ActiveEnterTimestampMonotonic "$1" 2> /dev/null)
  if [ "$left" -gt 0 ] && [ "$left" -le "$stopped" ] && [ "$stopped" -le "$began" ] && [ "$began" -le "$started" ]; then
    echo "$((stopped - left)) ms to stop and $((started - began)) ms to start"
  fi
}

# What the run started and did not end: processes of its session that are none of this script's.
left_behind() {
  local pid names=''
  # shellcheck disable=SC2013  # numbers
  for pid in $(cat /sys/fs/cgroup/user.slice/belay-session.scope/cgroup.procs 2> /dev/null); do
    descends_from_us "$pid" || names="${names:+$names, }$(tr '\0' ' ' < "/proc/$pid/cmdline" 2> /dev/null | sed 's/ *$//')"
  done
  printf '%s' "$names"
}
descends_from_us() {
  local pid=$1 line
  while [ "$pid" -gt 1 ]; do
    [ "$pid" != $$ ] || return 0
    read -r line 2> /dev/null < "/proc/$pid/stat" || return 0
    line=${line##*) }
    # shellcheck disable=SC2086  # fields
    set -- $line
    pid=$2
  done
  return 1
}
