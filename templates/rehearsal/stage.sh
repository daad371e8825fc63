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

# shellcheck source=actions.sh
. "$tools/actions.sh"
# shellcheck source=observe.sh
. "$tools/observe.sh"

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

# pass_probation: a rehearsal does not wait it out; a person's word ends it, and what follows is the release's own as ever. Where a check
# is to fail in it, the next look of its timer ends it.
pass_probation() {
  case $faults in
    *watched-*) wait_until "$limit" probation_is_over || echo "the check in the probation decided nothing in $limit s" > "$work/stuck" ;;
    *) ! in_probation || sh "$state/belay" keep >> "$work/act.log" 2>&1 < /dev/null || : ;; # what is said is observed
  esac
}
in_probation() { [[ $(sh "$state/belay" status --json 2> /dev/null < /dev/null) == *'"state": "probation"'* ]]; } # a package without belay: no
probation_is_over() { ! in_probation && [ ! -L "$state/open" ]; }

finish() {
  booted
  mkdir -p "$work"
  wait_until "$limit" rests || :
  pass_probation
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

for verb; do "$verb"; done
