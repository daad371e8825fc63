# confirm: a person or a play says that the host can still be entered. Only a login that began after the checks did proves it: a
# session that is open already goes on through a firewall, or a sudoers file, that lets nobody in.

verb_confirm() {
  local checking
  find_transaction '' || return
  if [ "$tx_state" != probation ] || [ ! -L "$state/open" ]; then
    usage "nothing waits for a confirmation: the last transaction is $tx_state"
    return 64
  fi
  if [ -z "$belay_confirm_within" ]; then
    usage "$new_version asks for no confirmation; to end its probation: belay-$belay_package keep"
    return 64
  fi
  if [ -z "$(fact confirmed_by)" ]; then
    find_session || { could_not "$reason"; return 74; }
    checking=$(fact checking_at)
    # A session of an earlier boot is none any more.
    if [ "${checking%% *}" = "$(cat /proc/sys/kernel/random/boot_id)" ] && [ "$session_began" -le "${checking##* }" ]; then
      printf 'belay: error: this session (%s) began %s before the checks of %s, so it does not prove that anybody can still log in\n' \
        "$session" "$(seconds $((${checking##* } - session_began)))" "$new_version" >&2
      printf 'belay: hint: log in again, over a new connection, then: belay-%s confirm\n' "$belay_package" >&2
      return 1
    fi
    take_lock 60 || { could_not "$reason"; return 74; }
    load_open && [ "$tx_state" = probation ] || { could_not "the transaction is ${tx_state:-ended} meanwhile"; return 74; }
    remember confirmed_by "${SUDO_USER:-$(id -un)}, $session" || { could_not "$reason"; return 74; }
    drop_lock
  fi
  printf '%s is confirmed by %s\n' "$new_version" "$(fact confirmed_by)"
  # It may be all that was waited for.
  watch
}

# find_session: sets session (words) and session_began (milliseconds of uptime) of the login that this process descends from. su and sudo
# stay in the session they are called from. 1: no login; reason.
find_session() {
  local id pid above below began
  id=$(sed -n 's|.*/session-\([^/]*\)\.scope.*|\1|p' /proc/self/cgroup | head -n 1)
  if [ -n "$id" ]; then
    began=$(timeout 10 loginctl show-session "$id" -p TimestampMonotonic --value 2>/dev/null) || began='' # closed, or no answer
    case $began in
    '' | *[!0-9]*) ;;
    *)
      # That clock stands still in a suspended host: a session may seem older then, never newer.
      session="session $id" session_began=$((began / 1000))
      return 0
      ;;
    esac
  fi
  # Without logind: the connection of sshd. Of everything else nobody can tell it from a process that was only started anew.
  pid=$$ below=''
  above=$(parent_of "$pid")
  while [ "${above:-0}" -gt 1 ]; do
    below=$pid pid=$above
    above=$(parent_of "$pid")
  done
  case $above:$(cat "/proc/$pid/comm" 2>/dev/null) in # it ended meanwhile
  1:sshd*)
    if ! grep -q '\[listener\]' "/proc/$pid/cmdline"; then below=$pid; fi # a process a connection: ssh@.service
    if began=$(process_start "$below"); then
      session="ssh connection $below" session_began=$((began * 1000 / $(getconf CLK_TCK)))
      return 0
    fi
    ;;
  esac
  reason="this process belongs to no login session (systemd's, or a connection of sshd); log in anew, or say: belay-$belay_package keep"
  return 1
}
