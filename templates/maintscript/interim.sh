# Interim: an attempt failed and a long apt run still holds dpkg's locks. The first half of the return, which needs no dpkg, is done at
# once, and the old version serves from its kept .deb, extracted aside, until the run ends and the second half puts its package back.

# 0: the attempt failed or was killed, nobody has decided yet, and none of it is dpkg's next turn. Asked with our lock held: a
# postinst that works has it.
interim_is_due() {
  [ -z "$(fact interim_not)$(fact interim_served)" ] || return 1
  case $tx_state in
  returning)
    finished interim-begun # another return may be in the middle of its package
    return
    ;;
  saved | updating | checking) ;;
  unpacked) finished configure-begun || return 1 ;;
  *) return 1 ;;
  esac
  [ -z "$tx_failed" ] || return 0
  if between_dpkg_runs; then return 1; fi
  [ -n "$tx_worker" ] && [ "$(process_start "${tx_worker%% *}")" != "${tx_worker#* }" ]
}

# wait_watching CALLER: for dpkg, and as long as watched (of the caller) says so for what the interim is there for. 1: look again.
wait_watching() {
  local came=0
  wait_for_dpkg "$watched" || came=$?
  [ "$came" = 3 ] || return 0
  trap '' TERM
  interim "$1" || watched=''
  return 1
}

# interim CALLER: 0: look again. 1: it serves, or cannot: wait for dpkg and for nothing else.
interim() {
  local obstacle
  if must_wait "$1" || observing || is_guest || system_is_stopping; then return 1; fi
  # The hook came first, or a postinst works.
  if ! take_lock 0; then
    drop_lock
    sleep 0.2
    return 0
  fi
  if ! load_open || ! interim_is_due || lock_manner; then
    drop_lock
    return 0
  fi
  # The hook of this run has a reader, and passes on what is said here; where it comes meanwhile, it waits.
  tell_run
  obstacle=$(interim_obstacle)
  if [ -n "$obstacle" ]; then
    interim_cannot "$obstacle"
  elif ! lay_aside; then
    interim_cannot "$reason"
  else
    in_interim=yes postponed='' dpkg_version=$new_version
    if [ "$tx_state" = returning ]; then resume_return; else automatic_return "${tx_failed:-interrupted while $tx_state}"; fi
    in_interim=''
    # A disk without room, a machine that goes down: what waits for that waits for dpkg as well.
    if [ "$tx_state" = returning ] && [ -z "$(fact interim_not)$(fact interim_served)" ]; then interim_cannot "${postponed:-$reason}"; fi
  fi
  has_told_run
  drop_lock
  return 1
}

# 0: who holds dpkg's locks is still the run that failed.
run_goes_on() {
  local who
  ! run_lives || return 0
  who=$(fact dpkg)
  [ -n "$who" ] && [ "$(process_start "${who%% *}")" = "${who#* }" ]
}

# Prints why the old version cannot serve before the run ends; nothing: it can, as far as can be known before it is tried.
interim_obstacle() {
  local n unit was_active was_enabled was_triggers was_dependents ran='' names enforcing=0
  if ! run_goes_on; then echo 'another run of apt or dpkg is at work'; return; fi
  if [ -z "$old_version" ]; then echo 'nothing was installed before'; return; fi
  if [ -n "$tx_override" ]; then echo 'the override is set'; return; fi
  if ! has_way_back; then echo "there is no way back: $(fact way_back_missing)"; return; fi
  names=$({ cut -d ' ' -f 1 "$tx/set"; cat "$tx/remove"; } 2>/dev/null | tr '\n' ' ') # no file: nothing
  if [ -n "${names% }" ]; then echo "${names% } must go back with it"; return; fi
  names=$(fact interim_needs)
  if [ -n "$names" ]; then echo "this run changes what it needs: $names"; return; fi
  [ ! -r /sys/fs/selinux/enforce ] || read -r enforcing </sys/fs/selinux/enforce || :
  if [ "$enforcing" = 1 ]; then echo 'SELinux would take its files for others'; return; fi
  while IFS="$tab" read -r n unit was_active was_enabled was_triggers was_dependents; do
    [ "$was_active" = yes ] || continue
    ran=yes
    if ! policy_allows "$unit" start || ! policy_allows "$unit" stop; then echo "policy-rc.d decides about $unit"; return; fi
  done <"$tx/units"
  if [ -z "$ran" ]; then echo 'no service of it ran before'; return; fi
  kept_deb_is_intact "$(fact previous_deb)" || echo 'the kept .deb is not what was verified'
}

# interim_cannot WHY: honest waiting. Nobody starts the version that failed on data that was put back.
interim_cannot() {
  local why="$1"
  take_interim_away
  if [ "$tx_state" = returning ]; then
    stop_services all || note "$reason"
    block_boot_start || note "$reason"
    reload_manager
  fi
  rm -rf "$tx/interim"
  remember interim_not "$why" || note "$reason"
  say "WAITS. $(interim_words)"
  write_status known
}

# Down, and nothing starts: others of this run may restart our services, which must not be the version that failed, on data that is
# half put back. One reload, the slowest part of an interim, brings the condition and the old version's units; stopped is before it,
# because the commands that stop a version are its own. 1: reason says why.
stop_for_the_interim() {
  start_only_interim && stop_services all || { strand services "$reason"; return 1; }
  hook_point interim-stopped
  put_interim_units || return 1
  touch "$tx/interim/loaded"
  reload_manager
  any_service_runs || return 0
  # Somebody started it before the reload. Now nobody can, and the units are once more those of what runs.
  take_interim_away
  reload_manager
  stop_services all || { strand services "$reason"; return 1; }
  list_interim_files && put_interim_units || return 1
  reload_manager
}

# 0: units or drop-ins came back with /etc since the manager was told.
manager_is_behind() {
  [ ! -e "$tx/interim/loaded" ] || [ -n "$(find /etc/systemd -cnewer "$tx/interim/loaded" -print -quit)" ]
}

# The last part of the first half: /etc and the old version itself.
serve_in_the_interim() {
  if ! finished interim; then
    # Now, and not again when the package is back: what the old version writes there from here on is its own.
    restore_data etc && restore_conffiles && set_conffiles_of_new_aside && sync_file_systems || { strand etc "$reason"; return; }
  fi
  if ! let_interim_start || ! finish interim; then
    interim_cannot "$reason"
    return
  fi
  if manager_is_behind; then reload_manager; fi
  if ! start_services || ! interim_stays; then
    interim_cannot "${reason:-its services do not stay up}"
    return
  fi
  remember interim_boot "$(cat /proc/sys/kernel/random/boot_id)" && remember interim_served "$interim_started" || { interim_cannot "$reason"; return; }
  hook_point interim-served
  say "INTERIM. $(interim_words)"
  write_status known
}

# A unit counts as started when it was forked: one that cannot run its program is down a moment later. Somebody else of this run may
# be restarting it just now, so it is looked at more than twice. Sets interim_started.
interim_stays() {
  local looks=0 up=0
  interim_started=$(uptime_ms)
  reason=''
  while [ "$looks" -lt 10 ]; do
    looks=$((looks + 1))
    if services_run; then up=$((up + 1)); else up=0; fi
    [ "$up" -lt 2 ] || return 0
    sleep 0.2
  done
  return 1
}

# 0: the old version runs from aside.
interim_serves() {
  [ -n "$(fact interim_served)" ] && ! finished interim-over && [ -L "$interim_link" ] && [ "$(fact interim_boot)" = "$(cat /proc/sys/kernel/random/boot_id)" ]
}

# What people and monitoring are told; nothing where there is nothing to say.
interim_words() {
  local why
  [ -n "$tx" ] || return 0
  why=$(fact interim_not)
  case $tx_state in
  stranded)
    ! interim_serves || printf '%s serves from its kept .deb, beside what dpkg has, at the latest until the next boot' "$old_version"
    return
    ;;
  esac
  if settled "$tx_state"; then return 0; fi
  if interim_serves; then
    printf '%s serves from its kept .deb, beside what dpkg has, until the apt run ends and its package is put back' "$old_version"
  elif [ -n "$why" ]; then
    printf '%s does not serve until the apt run ends and its package is put back: %s' "$old_version" "$why"
  fi
}

# What the old version wrote to its conffiles meanwhile is what the return leaves there, whatever dpkg does to them.
keep_interim_conffiles() {
  local path
  [ -f "$tx/conffiles-before" ] || return 0
  rm -rf "$tx/conffiles.new"
  mkdir "$tx/conffiles.new" || { reason="cannot write $tx"; return 1; }
  while IFS= read -r path; do
    if [ -f "$path" ] && [ ! -L "$path" ]; then
      mkdir -p "$tx/conffiles.new${path%/*}" && cp -a "$path" "$tx/conffiles.new$path" && sync "$tx/conffiles.new$path" || { reason="cannot copy $path"; return 1; }
    fi
  done <"$tx/conffiles-before"
  # Interrupted between the two renames, the next one makes the copies again.
  rm -rf "$tx/conffiles" && mv -T "$tx/conffiles.new" "$tx/conffiles" && sync "$tx" || { reason="cannot write $tx"; return 1; }
}

# The package is back: the services go over to it, and are away no longer than a restart takes.
end_interim() {
  allow_boot_start
  take_interim_away
  reload_manager
  finished interim && ! finished interim-over && ! is_guest || return 0
  remember interim_stopped "$(uptime_ms)" && stop_services all && finish interim-over
}
