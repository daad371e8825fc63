# Named fault points of rehearsals and tests: root's own file $state/fault says what happens where, one line a point. On any other
# host nothing is there, and the question costs one stat.
#   POINT kill              this program is killed there, once
#   POINT wait              it waits there until the line is gone; fault.reached says that it does
#   POINT instead COMMAND   COMMAND runs in place of the release's own
#   POINT after COMMAND     COMMAND runs behind the release's own, if that succeeded
#   POINT twice             the release's own command runs a second time behind the first
#   POINT hang              in its place something that only a time-out (here 1 s) ends
#   POINT pass | fail       (gates) counts as satisfied, or not

# fault_at POINT: 0: something is to happen there; sets fault_action and fault_command.
fault_at() {
  local point=''
  fault_action='' fault_command=''
  [ -n "$1" ] && [ -e "$state/fault" ] || return 1
  while read -r point fault_action fault_command || [ -n "$point" ]; do
    [ "$point" != "$1" ] || return 0
    point=''
  done <"$state/fault"
  fault_action='' fault_command=''
  return 1
}

hook_point() {
  fault_at "$1" || return 0
  case $fault_action in
  kill)
    # Nothing left, or no room to say so: the whole file goes, so that it happens once.
    grep -vxF "$1 kill" "$state/fault" >"$state/fault.new" && mv "$state/fault.new" "$state/fault" || rm -f "$state/fault" "$state/fault.new"
    kill -KILL $$
    ;;
  wait)
    # /run as well: the disk may be full.
    touch "$state/fault.reached" /run/fault.reached || :
    while fault_at "$1" && [ "$fault_action" = wait ]; do sleep 0.05; done
    ;;
  esac
}

# interpose POINT: changes the caller's command and limit to what is to happen at the point.
interpose() {
  fault_at "$1" || return 0
  case $fault_action in
  instead) command=$fault_command ;;
  after) command="($command$newline)$newline$fault_command" ;;
  twice) command="($command$newline)$newline($command$newline)" ;;
  hang) command='trap "" TERM; while :; do sleep 1000; done' limit=1000 ;;
  esac
}
