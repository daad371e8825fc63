# What people and programs are told when it ends (terminal.md): the end state first, then why, then what not to do, then one command.

result_line() {
  dpkg_state
  speak "belay-result: package=$belay_package state=${tx_state:-refused} from=${old_version:-none} to=$new_version installed=${dpkg_version:-none} tx=$(sequence)${1:+ $1}"
}

# refusal WHY OLD NEW: refused before a transaction could be written at all.
refusal() {
  printf 'belay: %s: REFUSED. Nothing was changed; %s\n' "$belay_package" "$(either "$2" "$2 stays, and its services run as before" 'nothing is installed')" >&2 || :
  printf '  why       %s\n' "$1" >&2 || :
  printf 'belay-result: package=%s state=refused from=%s to=%s installed=%s\n' "$belay_package" "${2:-none}" "$3" "${2:-none}" >&2 || :
  drop_lock
}

# Uses reason. Closes the transaction: nothing was changed.
refuse_transaction() {
  local gate verdict message remedy failed='' passed=''
  local why="$reason"
  say "REFUSED. Nothing was changed; $(either "$old_version" "$belay_package $old_version stays as it is, and its services run as before" "$belay_package is not installed")."
  case $why in
  gates:*)
    while IFS="$tab" read -r gate verdict message remedy; do
      if [ "$verdict" = FAILED ]; then
        tell "$(printf '%-9s FAILED  %s' "$gate" "$message")"
        [ -z "$remedy" ] || tell "          to satisfy: $remedy"
        failed="$failed,$gate"
      elif [ "$verdict" = OVERRIDDEN ]; then
        tell "$(printf '%-9s OVERRIDDEN  %s (BELAY_OVERRIDE: %s)' "$gate" "$message" "$remedy")"
      else
        passed="$passed, $gate"
      fi
    done <"$tx/gates"
    [ -z "${BELAY_OVERRIDE-}" ] || tell "BELAY_OVERRIDE skips only the gates that $policy_directory names: overrides=${policy_overrides:-(none)}"
    [ -z "$passed" ] || tell "${passed#, }  ok          try all gates without installing: belay-$belay_package preflight FILE.deb"
    ;;
  *) tell "why       $why" ;;
  esac
  rm -rf "$tx/before" "$tx/snapshot" "$tx/wayback" "$tx/download" "$tx/projected" "$tx/new-control" "$tx/conffiles"
  if [ -n "${preflight-}" ]; then
    close_transaction aborted "preflight: $why"
  else
    close_transaction refused "$why"
  fi
  result_line "${failed:+gates=${failed#,}}"
  [ -n "${preflight-}" ] || notify refused
  drop_lock
  restart_what_prerm_stopped
}

# How much was set aside: directories and files beside, conffiles, and what the restore commands say of theirs.
set_aside_summary() {
  local count=0 n where size=0 bytes
  if [ -f "$tx/restored" ]; then
    while IFS="$tab" read -r n where; do
      case $where in
      *', '*) where=${where#*, } ;;
      *) continue ;; # unchanged
      esac
      count=$((count + 1))
      [ -e "$where" ] || continue
      bytes=$(du -sk "$where" 2>/dev/null | cut -f 1) || bytes=0 # gone meanwhile
      size=$((size + ${bytes:-0}))
    done <"$tx/restored"
  fi
  if [ -d "$tx/aside" ]; then
    count=$((count + $(find "$tx/aside" -type f | wc -l)))
    size=$((size + $(du -sk "$tx/aside" | cut -f 1)))
  fi
  case $count in
  1) printf '1 place, %s kB' "$size" ;;
  *) printf '%s places, %s kB' "$count" "$size" ;;
  esac
}

# What was done, in one line.
say_taken_back() {
  local line='taking back: ' n what list='' undone path restore_when copy max_size exclude
  undone=$(LC_ALL=C grep -c "${tab}done${tab}step-[0-9]*-undone${tab}" "$tx/journal") || : # none: 0
  [ "$undone" -eq 0 ] || line="${line}undo $undone/$undone ok · "
  line="$line$(either "$old_version" "apt reinstalled $old_version" "$new_version removed")"
  if [ -f "$tx/restored" ]; then
    while IFS="$tab" read -r n what; do
      case $n:$what in
      *:unchanged) ;;
      dump*) list="$list, $n" ;;
      [0-9]*)
        "path_$n"
        list="$list, $path"
        ;;
      esac
    done <"$tx/restored"
  fi
  [ -z "$list" ] || line="$line · ${list#, } restored"
  [ ! -f "$tx/old-checks" ] || line="$line · checks $checks_ok/$checks_all ok"
  say "$line"
}

returned_words() {
  if is_guest; then printf 'not started and not checked (%s)' "$guest_because"; else printf 'serving and checked'; fi
}

say_returned() {
  local down count
  down=$(downtime)
  count=$(set_aside_summary)
  say "RETURNED. $(either "$old_version" "$old_version is installed, $(returned_words)" "$new_version was removed again; nothing was installed before"). Nothing more to do now."
  tell "why       $tx_failed"
  tell "data      nothing users wrote was deleted; what $new_version wrote is set aside ($count): belay-$belay_package log $(sequence)"
  [ -z "$down" ] || tell "down      $down"
  tell "refused   $new_version will not be taken again; allow it: belay-$belay_package unblock $new_version"
  tell "do not    run dpkg --configure -a or apt -f install: not needed"
}

say_stranded() {
  local interim
  dpkg_state
  say 'STRANDED. The return itself failed. Nothing more is tried. STOP: do not retry, do not purge.'
  tell "installed  $belay_package $dpkg_version (dpkg: $dpkg_status)      serving: $(if services_run; then echo 'its units run'; else echo NO; fi)"
  tell "failed at  $1: $2"
  interim=$(interim_words)
  [ -z "$interim" ] || tell "meanwhile  $interim"
  if previous_is_intact; then
    tell "safe       previous .deb verified just now: $(fact previous_deb)"
  else
    tell 'NOT SAFE   the previous .deb is missing or damaged'
  fi
  tell "read       less $tx/plan-b.txt"
  [ -z "$belay_contacts" ] || tell "call       $(printf '%s' "$belay_contacts" | tr '\n' ';')"
  result_line "at=$1"
}

say_held() {
  dpkg_state
  if ! has_way_back; then
    say "HELD. A person must decide: $new_version failed, and no way back to $old_version was kept."
    tell "why       $1"
    tell "no way    $(fact way_back_missing)"
    tell "installed  $belay_package $dpkg_version (dpkg: $dpkg_status)"
    tell "keep new  belay-$belay_package keep        loses nothing; $new_version stays with its fault"
    tell "go back   by hand, with a .deb of $old_version that you bring: less $tx/plan-b.txt"
    [ -z "$belay_contacts" ] || tell "call      $(printf '%s' "$belay_contacts" | tr '\n' ';')"
    result_line way_back=none
    return
  fi
  say "HELD. A person must decide: users wrote to $new_version, and $old_version cannot run on that data."
  tell "why       $1"
  tell "installed  $belay_package $dpkg_version (dpkg: $dpkg_status)"
  tell "keep new  belay-$belay_package keep                     loses nothing; $new_version stays with its fault"
  tell "go back   belay-$belay_package return --accept-loss     restores the snapshot; what was written since is set aside"
  tell "read      less $tx/plan-b.txt"
  [ -z "$belay_contacts" ] || tell "call      $(printf '%s' "$belay_contacts" | tr '\n' ';')"
  result_line
}

previous_is_intact() {
  local deb
  if [ -n "$old_version" ]; then
    deb=$(fact previous_deb)
    [ -n "$deb" ] && kept_deb_is_intact "$deb" || return 1
  fi
  for deb in "$tx"/wayback/*.deb; do
    [ ! -e "$deb" ] || kept_deb_is_intact "$deb" || return 1
  done
}
