# The return: undo, data, previous version by apt, /etc, services, checks. Every part is journalled when done, so that an
# interrupted return continues where it was; a part that fails strands it.

# give_back WHY
give_back() {
  [ "$tx_failed" = "$(one_line "$1")" ] || journal fact failed "$1" || : # a full disk: freeing the ballast below makes room
  tx_failed=$1
  if [ -n "$tx_override" ]; then
    strand override "$1; nothing was saved, because the override was set"
    return
  fi
  [ ! -e "$tx/ballast" ] || rm -f "$tx/ballast"
  if ! has_way_back; then
    unquiesce || note "$reason"
    let_a_person_start
    hold_for_a_person "$1"
    return
  fi
  # The boot starts what is enabled, whatever state the transaction is in: users may have written.
  # First nothing may start any more: what is asked before is not true for long (make soak lost an entry of that moment).
  if [ -z "$tx_opened" ] && [ -z "$tx_guest" ] && [ "$tx_boot" != "$(cat /proc/sys/kernel/random/boot_id)" ]; then
    block_boot_start && reload_manager || note "$reason"
    if any_service_ran; then
      journal fact opened "$(uptime_ms)" || : # as above
      tx_opened=boot
    fi
  fi
  case $tx_state in
  # It served until now: the time without service begins again.
  probation | unproven) remember stopped_at '' && remember served_at '' || note "$reason" ;;
  esac
  enter returning "$1" || { strand journal "$reason"; return; }
  note "taking back $new_version: $1"
  # Beside the work: the services wait for us.
  write_status known 9>&- &
  status_writer=$!
  continue_return
}

resume_return() {
  # Losing the race for dpkg's lock is no interruption.
  [ -n "$settling" ] || journal fact resumed "$(uptime_ms)"
  if [ "$tx_resumed" -ge 5 ]; then
    strand resume "interrupted $tx_resumed times without progress"
    return
  fi
  [ ! -e "$tx/ballast" ] || rm -f "$tx/ballast"
  note "$goes_on_words"
  continue_return
}

# strand WHERE WHY
strand() {
  local loaded=$in_interim
  # Five times resumed without progress is the end of waiting, too.
  if [ "$1" != resume ] && postpone "$2"; then return; fi
  enter stranded "$1: $2" || : # said all the same
  say_stranded "$1" "$2"
  [ ! -f "$interim_files" ] || loaded=yes
  close_transaction stranded
  # What kept the units from starting is gone with it, and systemd still goes by that: whoever restarts one would only stop it.
  [ -z "$loaded" ] || reload_manager
  notify stranded
}

hold_for_a_person() {
  if postpone "$1"; then return; fi
  enter held "$1" || : # said all the same
  say_held "$1"
  close_transaction held
  notify held
}

continue_return() {
  local undone undo_failed accepted=''
  if [ -n "$in_interim" ]; then
    finished interim-begun || finish interim-begun || { strand journal "$reason"; return; }
  elif finished interim-begun && [ -z "$(fact interim_served)$(fact interim_not)" ]; then
    remember interim_not 'the second half of the return is under way' || { strand journal "$reason"; return; }
  fi
  if [ -z "$old_version" ] && [ "$belay_first_install" = keep ] && [ -z "$(fact accept_loss)" ]; then
    let_a_person_start
    hold_for_a_person "${tx_failed}; there is no previous version, and fallback.first_install says keep"
    return
  fi
  unquiesce || note "$reason"
  if ! finished before; then
    return_hooks before && finish_of "$belay_fallback_before" before || { strand before "$reason"; return; }
  fi
  # Stopped again on every way through: a boot, or what was held for a person, has started them since. Written down once, because
  # every mark counts as progress.
  if [ -n "$in_interim" ]; then
    stop_for_the_interim || return 0 # reason says why, and the caller that it waits
    finished stopped || finish stopped || { strand journal "$reason"; return; }
  elif ! finished etc || [ -n "$(fact started_for_a_person)" ]; then
    { is_guest || { block_boot_start && { interim_serves || stop_services all; }; }; } && { finished stopped || finish stopped; } && { [ -z "$(fact started_for_a_person)" ] || remember started_for_a_person ''; } || { strand services "$reason"; return; }
  fi
  if ! finished undone; then
    undo_steps || { strand undo "$reason"; return; }
    if [ -n "$undo_failed" ] && postpone "$undo_failed"; then return; fi
    [ "$belay_steps" -eq 0 ] || sync_file_systems
    if [ -n "$undo_failed" ] && [ -n "$tx_opened" ] && ! snapshot_may_decide; then
      let_a_person_start
      remember started_for_a_person yes || note "$reason"
      hold_for_a_person "$undo_failed"
      return
    fi
    finish_of "$belay_steps" undone "${undo_failed:-$undone}" || { strand journal "$reason"; return; }
  fi
  # What the first look left to a person is put back when that person said so.
  [ -z "$(fact accept_loss)" ] || accepted=-accepted
  if ! finished "data$accepted"; then
    restore_data outside-etc && finish_of $((belay_dumps + belay_paths)) "data$accepted" || { strand data "$reason"; return; }
  fi
  if [ -n "$in_interim" ]; then
    serve_in_the_interim
    return
  fi
  if ! finished package; then
    if finished interim && ! finished interim-etc; then
      keep_interim_conffiles && finish interim-etc || { strand journal "$reason"; return; }
    fi
    put_back_package || return
    finish package || { strand journal "$reason"; return; }
    # An unpack that was called off started what it believes to be the old version again: the new one.
    if ! is_guest && ! interim_serves && any_service_runs; then stop_services all || { strand services "$reason"; return; }; fi
  fi
  if ! finished etc; then
    restore_data etc && restore_conffiles && set_new_conffiles_aside && finish etc || { strand etc "$reason"; return; }
  fi
  finish_return
}

# What a person has to decide about runs meanwhile.
let_a_person_start() {
  [ -z "$in_interim" ] || take_interim_away # nothing serves from aside yet
  allow_boot_start
  reload_manager
  start_services || note "$reason"
}

return_hooks() {
  local n=1 run
  while [ "$n" -le "$(case $1 in before) echo "$belay_fallback_before" ;; *) echo "$belay_fallback_after" ;; esac)" ]; do
    "fallback_$1_$n"
    if ! finished "fallback-$1-$n"; then
      run_command_quiet '' 600000 "fallback.$1 $n" "$run" "fallback-$1-$n" || { reason="fallback.$1[$((n - 1))] failed: $(last_line)"; return 1; }
      finish "fallback-$1-$n" || return 1
    fi
    n=$((n + 1))
  done
}

# restore_allowed RESTORE_WHEN
restore_allowed() {
  case $1 in
  always) return 0 ;;
  unopened) [ -z "$tx_opened" ] || [ -n "$(fact accept_loss)" ] ;;
  *) return 1 ;;
  esac
}

# After a failed undo in an opened transaction: 0 iff every dump and path but those of /etc may still be put back.
snapshot_may_decide() {
  local n=1 path restore_when copy max_size exclude name save verify restore user timeout all=0
  [ "$belay_dumps" -gt 0 ] || all=1
  while [ "$n" -le "$belay_dumps" ]; do
    "dump_$n"
    restore_allowed "$restore_when" || return 1
    n=$((n + 1))
  done
  n=1
  while [ "$n" -le "$belay_paths" ]; do
    "path_$n"
    restore_allowed "$restore_when" || return 1
    n=$((n + 1))
  done
  return "$all"
}

# restore_data outside-etc | etc
restore_data() {
  local n=1 path restore_when copy max_size exclude name save verify restore user timeout place
  [ -n "$old_version" ] && finished_state saved || return 0 # nothing was touched before the final copy was made
  if [ "$1" = outside-etc ]; then
    while [ "$n" -le "$belay_dumps" ]; do
      "dump_$n"
      if restore_allowed "$restore_when" && [ -n "$restore" ] && dump_needed && ! finished "dump-$n"; then
        dump_restore "$n" "$tx/snapshot/dumps/$n" || return 1
        sync_file_systems
        finish "dump-$n" || return 1
      fi
      n=$((n + 1))
    done
  fi
  n=1
  while [ "$n" -le "$belay_paths" ]; do
    "path_$n"
    case $path in
    /etc | /etc/*) place=etc ;;
    *) place=outside-etc ;;
    esac
    if [ "$place" = "$1" ] && [ "$copy" = copy ] && restore_allowed "$restore_when" && ! finished "path-$n"; then
      snapshot_restore "$n" "belay-$(sequence)" || { reason="$path: $reason"; return 1; }
      finish "path-$n" || return 1
    fi
    n=$((n + 1))
  done
}

# A database that neither a step nor the new version could have touched is left as it is.
dump_needed() {
  [ -n "$tx_opened" ] && return 0
  case $tx_done in
  *"${newline}step-"*-begun"$newline"*) return 0 ;;
  esac
  return 1
}

sequence() {
  local name="${tx##*/}"
  printf '%s' "${name%%-*}"
}

finish_return() {
  local list numbers
  end_interim || { strand services "$reason"; return; }
  if is_guest; then
    say "no service started and nothing checked: $guest_because"
  elif [ -n "$old_version" ]; then
    if ! start_services; then
      if held_by_data; then remember started_for_a_person yes; hold_for_a_person "$reason"; else strand services "$reason"; fi
      return
    fi
    # It serves; what can be verified without it waiting is verified now.
    files_are_whole || { strand apt "$old_version is installed, but $reason"; return; }
    list=$(set_is_not_back files_are_whole)
    [ -z "$list" ] || { strand apt "$old_version is installed, but not as before: $(one_line "$list")"; return; }
    numbers=$(old_checks)
    list=check
    [ "$belay_fallback_checks_same" = true ] || list=fallback_check
    unpacked_monotonic_us=''
    find_skipped_units
    if [ -n "${numbers% }" ]; then
      look "$list" "$numbers" "$tx/old-checks"
    else
      verdict=pass
    fi
    if [ "$verdict" = fail ]; then
      if held_by_data; then
        remember started_for_a_person yes || note "$reason"
        hold_for_a_person "$old_version is installed, and its check '$failed_check' fails on the data: $failed_message"
      else
        strand checks "$old_version is installed, and its check '$failed_check' fails: $failed_message"
      fi
      return
    fi
  fi
  restore_enablement
  if ! restore_marks || ! restore_set_marks; then
    # Somebody took dpkg's lock meanwhile: not a failure, wait for it again.
    if ! lock_manner; then
      lost_race=yes
      return
    fi
    if postpone 'the marks could not be put back'; then return; fi
  fi
  record_refusal "$new_version" "$tx_failed"
  drop_new_version
  restore_program
  sync_file_systems
  enter returned || { strand journal "$reason"; return; }
  say_taken_back
  say_returned
  write_pins
  configure_others
  return_hooks after || say "$reason"
  close_transaction returned
  result_line
  notify returned
}

# 0: data that the old version would need may not be restored, because users wrote to the new one.
held_by_data() {
  [ -n "$tx_opened" ] || return 1
  ! snapshot_may_decide
}

# A refusal or return leaves the run's other packages unpacked (T): they are configured with the caller's conffile choices.
configure_others() {
  local others
  others=$(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' 2>/dev/null | grep -c '^.[UFWt] ') || return 0 # none
  note "$others packages wait for configure"
  env $dpkg_frontend dpkg --configure -a <&3 >&2 9>&- || note 'dpkg --configure -a failed for other packages'
}
