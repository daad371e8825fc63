#!/bin/bash
# shellcheck disable=SC2154  # the environment says it
# shellcheck disable=SC2034  # point_now is for what scenarios do
# stage.sh act|finish…: one scenario, inside its host. What is to be done stands in the environment: package, old, new, old_deb,
# new_deb, next_deb, unit_base; arrange, faults, run, at, do, after, measures; dumps, dump_N_save, dump_N_user; paths; env_file;
# and what the scenario's item is (n, name, unit, path, point, value). act does everything up to the fault, finish the rest.
#
# /run/rehearsal is where it works: act.log, act.status, prober.log, and a directory of data for each `data_state`.
set -u
tools=$(dirname "$0")
work=/run/rehearsal
state=/var/lib/belay/$package
mkdir -p "$work"
helpers=/srv/rehearsal

wait_until() { # SECONDS COMMAND…
  local end=$((${EPOCHREALTIME/./} + $1 * 1000000))
  shift
  until "$@"; do
    [ "${EPOCHREALTIME/./}" -lt "$end" ] || return 1
    sleep 0.05
  done
}

# --- what scenarios call ---------------------------------------------------------------------------------------------

install_new() { apt-get -y -q -o Dpkg::Use-Pty=0 --allow-change-held-packages install "$package=$new"; }
dpkg_new() { dpkg -i "$new_deb"; }
apt_install() { apt-get -y -q -o Dpkg::Use-Pty=0 --allow-downgrades --allow-change-held-packages install "$@"; }
# conffile: the first conffile of the package that is installed.
conffile() { dpkg-query -W -f '${Conffiles}\n' "$package" | sed -n 's/^ \(.*\) [0-9a-f]*$/\1/p' | grep -v '/60belay-' | head -n 1; }
# shim COMMAND SCRIPT: a program in the place of another, which it finds as $real. Mounted over it: apt gives dpkg a PATH of its own.
shim() {
  local place
  place=$(PATH=/usr/sbin:/usr/bin:/sbin:/bin command -v "$1") || place=/usr/local/sbin/$1
  mkdir -p "$work/real" "$work/shims"
  printf '#!/bin/bash\nreal=%s\n%s\n' "$work/real/$1" "$2" > "$work/shims/$1"
  chmod 755 "$work/shims/$1"
  if [ -e "$place" ]; then
    cp "$place" "$work/real/$1"
    mount --bind "$work/shims/$1" "$place"
  else
    cp "$work/shims/$1" "$place"
  fi
}
unshim() {
  local place
  rm -f "/usr/local/sbin/$1"
  place=$(PATH=/usr/sbin:/usr/bin:/sbin:/bin command -v "$1") || return 0
  umount "$place"
}
# hold_lock FILE [SECONDS [next]]: a lock of dpkg's, held by a stranger, as apt takes it; "systemctl stop rehearsal-lock" ends
# it. next: the stranger waits for it, and has it as soon as it is let go.
hold_lock() {
  # A file, because systemd-run would expand what looks like a variable.
  cat > "$work/lock.pl" << 'END'
use Fcntl;
open my $file, "+>>", $ARGV[0] or die;
my $lock = pack "s s x4 q q l x4", F_WRLCK, 0, 0, 0, 0;
sub ready { open my $ready, ">", "/run/rehearsal/held" or die }
ready() if $ARGV[2];
fcntl($file, $ARGV[2] ? F_SETLKW : F_SETLK, $lock) or die;
ready();
select undef, undef, undef, $ARGV[1];
END
  systemd-run --quiet --collect --unit=rehearsal-lock perl "$work/lock.pl" "$1" "${2-1000}" "${3-}"
  wait_until 5 test -e "$work/held"
}
# squat PORT: another program listens there; "systemctl stop rehearsal-squatter" ends it.
squat() {
  cat > "$work/squat.pl" << 'END'
use IO::Socket::IP;
my $socket = IO::Socket::IP->new(LocalHost => "127.0.0.1", LocalPort => $ARGV[0], Listen => 64, ReuseAddr => 1) or die;
open my $ready, ">", "/run/rehearsal/squats" or die;
sleep 1000 while 1;
END
  systemd-run --quiet --collect --unit=rehearsal-squatter perl "$work/squat.pl" "$1"
  wait_until 5 test -e "$work/squats"
}
# drop_in UNIT [LINES]: settings of its service until the next boot; none: as before.
drop_in() {
  local directory=/run/systemd/system/$1.d
  rm -f "$directory/zz-rehearsal.conf"
  if [ $# -gt 1 ]; then
    mkdir -p "$directory"
    # shellcheck disable=SC2059  # its line ends are written \n
    printf "[Service]\n$2\n" > "$directory/zz-rehearsal.conf"
  fi
  rmdir "$directory" 2> /dev/null || :
  systemctl daemon-reload
}
# finding KEY SENTENCE: something is wrong, whatever the end; KEY is that of the release description, or -.
finding() { printf '%s %s\n' "$1" "$2" >> "$work/finding"; }
faketime() { # OFFSET COMMAND…; no offset: FAKETIME_TIMESTAMP_FILE has it
  local offset=$1 library
  shift
  library=$(echo /usr/lib/*/faketime/libfaketime.so.1)
  [ -e "$library" ] || { echo 'libfaketime is not in the base'; return 1; }
  if [ -n "$offset" ]; then export FAKETIME=$offset; fi
  LD_PRELOAD=$library "$@"
}

# data_state NAME: what the dumps and the declared paths hold now, as text that is equal when the content is.
data_state() {
  local place=$work/$1 n variable
  rm -rf "$place"
  mkdir -p "$place"
  for ((n = 1; n <= dumps; n++)); do
    variable=dump_${n}_save
    dump_text "$n" "${!variable}" > "$place/dump-$n" 2> "$place/dump-$n.errors"
    echo $? > "$place/dump-$n.status"
  done
  printf '%s\n' "$paths" | while IFS= read -r path; do
    if [ -z "$path" ] || [ ! -e "$path" ]; then continue; fi
    find -L "$path" -xdev -printf '%p %y %m %U:%G\n' -type f -exec sha256sum {} + 2> /dev/null
  done | LC_ALL=C sort > "$place/files"
}

dump_text() {
  local n=$1 user=dump_${1}_user file="$work/dump.$1" environment=()
  if [ -n "$env_file" ] && [ -r "$env_file" ]; then mapfile -t environment < <(grep -E '^[A-Za-z_][A-Za-z0-9_]*=' "$env_file"); fi
  (
    cd / && run_as "${!user}" env -i "PATH=$PATH" HOME=/root LC_ALL=C.UTF-8 "BELAY_PACKAGE=$package" "BELAY_OLD_VERSION=$old" \
      "BELAY_NEW_VERSION=$new" ${environment[@]+"${environment[@]}"} bash -eu -o pipefail -c "$2" < /dev/null > "$file"
  ) || return
  case $(head -c 16 "$file" | tr -d '\0') in
    PGDMP*) pg_restore -f - "$file" | grep -vE '^(--|SET |SELECT pg_catalog\.(set_config|setval)|\\(un)?restrict |$)' ;;
    'SQLite format 3'*) sqlite3 "$file" .dump ;;
    $'\x1f\x8b'*) zcat "$file" ;;
    *) if grep -qI . "$file"; then cat "$file"; else sha256sum < "$file"; fi ;;
  esac
}
run_as() { if [ -n "$1" ]; then shift_user=$1; shift; runuser -u "$shift_user" -- "$@"; else shift; "$@"; fi; }

# --- the run ---------------------------------------------------------------------------------------------------------

is_up() { case $(systemctl is-system-running 2> /dev/null) in running | degraded) ;; *) false ;; esac; }
booted() { [ ! -e /run/systemd/system ] || wait_until 60 is_up || { echo 'the host does not come up' >&2; exit 91; }; }

# The fault file is a link to /run: a power cut takes it away.
arm_faults() {
  local point
  [ -n "$faults$at" ] || return 0
  install -d -m 0711 /var/lib/belay "$state"
  {
    if [ -n "$faults" ]; then printf '%s\n' "$faults"; fi
    for point in $at; do echo "$point wait"; done
  } > "$work/fault"
  ln -sfn "$work/fault" "$state/fault"
}
disarm_faults() {
  rm -f "$state/fault" "$state/fault.new" "$state/fault.reached" "$work/fault" /run/fault.reached
  rmdir "$state" /var/lib/belay 2> /dev/null || :
}
pass_point() { # POINT
  rm -f /run/fault.reached "$state/fault.reached"
  grep -vxF "$1 wait" "$work/fault" > "$work/fault.left"
  cat "$work/fault.left" > "$work/fault"
  # A kill has made a file of the link.
  [ -L "$state/fault" ] || cp "$work/fault" "$state/fault"
}

units_work() {
  case $(systemctl show -p ActiveState --value "$unit_base-deferred.service" "$unit_base-settle.service" 2> /dev/null) in
    *activating* | active* | *$'\nactive'*) ;;
    *) false ;;
  esac
}
at_work() { pidof -q dpkg apt-get apt || { [ -e /run/systemd/system ] && units_work; }; }
rests() { ! at_work && ! at_work; }
act_ended() { [ -e "$work/act.status" ]; }
reached_or_over() { [ -e /run/fault.reached ] || { act_ended && rests; }; }

# snippet TEXT LOG SENTENCE: not in a condition, where bash would not heed set -e.
snippet() {
  (set -e; eval "$1") > "$work/$2.log" 2>&1 < /dev/null
  local code=$?
  [ "$code" = 0 ] || { echo "$3: $(tail -n 3 "$work/$2.log" | tr '\n' ' ')" >&2; exit 90; }
}

start_prober() {
  [ -n "$measures" ] || return 0
  setsid perl "$tools/prober.pl" "$work/prober.log" < /dev/null > "$work/prober.errors" 2>&1 &
  echo $! > "$work/prober.pid"
  wait_until 10 test -s "$work/prober.log" || :
}

arrange() {
  booted
  snippet "$arrange" arrange 'it could not be arranged'
}

# begin: the run, in the background. A session of its own: what it leaves behind is found in it.
begin() {
  local command
  booted
  arm_faults
  start_prober
  sync
  case $run in
    none) command=: ;;
    apt) command=install_new ;;
    dpkg) command=dpkg_new ;;
    *) command=$run ;;
  esac
  date +%s.%N > "$work/began"
  (
    (set -e; eval "$command") > "$work/act.log" 2>&1
    echo $? > "$work/act.status.new"
    mv "$work/act.status.new" "$work/act.status"
  ) < /dev/null > /dev/null 2>&1 &
}

# act: the run up to its fault points, and on to its end unless the fault comes from outside.
act() {
  local point
  begin
  for point in $at; do
    wait_until "$limit" reached_or_over || { echo "the point '$point' was not reached in $limit s" >&2; exit 92; }
    if [ ! -e /run/fault.reached ]; then echo "$point" > "$work/missed"; break; fi
    if [ "$do" = cut ]; then exit 0; fi
    point_now=$point
    snippet "$do" 'do' "it could not be done at '$point'"
    pass_point "$point"
  done
  ended
}

# resume: goes on after a fault from outside.
resume() {
  local point
  for point in $at; do pass_point "$point"; done
  ended
}

ended() { wait_until "$limit" act_ended || echo "the run did not end in $limit s" > "$work/stuck"; }

finish() {
  booted
  mkdir -p "$work"
  if [ -n "$after" ]; then
    wait_until "$limit" rests || :
    snippet "$after" after 'what follows could not be done'
  fi
  wait_until "$limit" rests || echo "belay or dpkg were still at work after $limit s" > "$work/stuck"
  if [ -e "$work/prober.pid" ]; then
    sleep 0.1
    kill "$(cat "$work/prober.pid")" 2> /dev/null || :
    rm -f "$work/prober.pid"
  fi
  disarm_faults
  observe
}

# --- what is there in the end ----------------------------------------------------------------------------------------

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
    if [ "$display" = refused ]; then
      line why "$(why_refused)"
    else
      line why "$(perl -ne 'print $1 if /"why": "((?:[^"\\]|\\.)*)"/' "$work/status.json" | sed 's/\\\(.\)/\1/g')"
    fi
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
      line 'said the postinstall script' "$(words_of postinstall)"
      for unit in $units; do line "said $unit" "$(last_words "$unit")"; done
      ;;
  esac
  data_state end
}

# why_refused: what belay said when it refused; its record of a refusal that was free has no more than that.
why_refused() { sed -n -e 's/^ *why  *//p' -e 's/^ *\([^ ]*\)  *FAILED  */\1: /p' "$work/act.log" 2> /dev/null | tail -n 3; }

# words_of SCRIPT: what a script of the release said before it failed.
words_of() {
  grep -B 4 -e "^belay: [^ ]*: the release's $1 script failed" -e "^belay: [^ ]*: the $1 script of the release failed" "$work/act.log" 2> /dev/null |
    grep -v -e '^--$' -e '^belay: ' -e '^Setting up ' -e '^Preparing ' -e '^Unpacking ' -e '^(Reading ' -e '^debconf: ' |
    tail -n 2 | tr '\n|' '  ' | sed 's/ *$//'
}

# last_words UNIT: what its own processes said in the last start that failed, also when it runs again; else what is said of it.
last_words() {
  local failed
  # systemd's message "Failed with result …".
  failed=$(journalctl -q -b -o json --output-fields=INVOCATION_ID "UNIT=$1" MESSAGE_ID=d9b373ed55a64feb8242e02dbe79a49c \
    --since "@$(cut -d . -f 1 "$work/began" 2> /dev/null || echo 0)" 2> /dev/null |
    sed -n 's/.*"INVOCATION_ID" *: *"\([0-9a-f]*\)".*/\1/p' | tail -n 1)
  if [ -n "$failed" ] && journalctl -q -b "_SYSTEMD_INVOCATION_ID=$failed" -n 3 -o cat 2> /dev/null | grep .; then return; fi
  case $(systemctl is-active "$1" 2> /dev/null) in
    failed | activating) journalctl -q -b -u "$1" -n 3 -o cat 2> /dev/null ;;
  esac
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

for verb; do "$verb"; done
