# prepare: gates, way back, baseline, first copy, ballast. Changes nothing else, so a refusal is free (design, section 6).

numbers_to() {
  local n=1
  while [ "$n" -le "$1" ]; do
    printf '%s ' "$n"
    n=$((n + 1))
  done
}

# What would break the run itself, or us in it: refused also by a site that only observes.
prepare_conditions() {
  local why remedy
  # A return to it would call a version installed that failed.
  if [ -n "$old_version" ] && failed_here "$old_version"; then
    reason="$old_version failed here and is $failed_state, so it is no way back; first: belay-$belay_package status"
    return 1
  fi
  if own_cgroup_unit; then
    reason="this apt runs inside $own_unit, which will be stopped; run it as: systemd-run --pipe --wait apt-get install $belay_package"
    return 1
  fi
  for why in /usr /etc /var/lib/dpkg; do
    # access(2): root is refused only where the file system itself is read-only here.
    if [ ! -w "$why" ]; then
      read_only "$why"
      reason="$reason; dpkg would leave everything half-installed; first: $remedy"
      return 1
    fi
  done
}

# What the record and the release itself have against this update.
may_be_tried() {
  local why
  if why=$(refused_because "$new_version"); then
    reason="$new_version was taken back on this host ($why); allow it: belay-$belay_package unblock $new_version"
    return 1
  fi
  if [ -n "$old_version" ] && [ -n "$belay_fallback_to" ]; then
    fallback_allows "$old_version" || {
      reason="this release cannot go back to $old_version (fallback.to: $(printf '%s' "$belay_fallback_to" | tr '\n' ','))"
      return 1
    }
  fi
}

# fallback_allows VERSION: one of the constraints of fallback.to holds.
fallback_allows() {
  local constraint operator version
  while IFS= read -r constraint; do
    case $constraint in
    [0-9]*) operator='=' version=$constraint ;;
    *) operator=${constraint%%[0-9]*} version=${constraint#"$operator"} operator=${operator%% *} ;;
    esac
    if dpkg --compare-versions "$1" "$operator" "$version"; then return 0; fi
  done <<LIST
$belay_fallback_to
LIST
  return 1
}

prepare_way_back() {
  local arch
  write_return_conf && read_run || return 1
  if [ -n "$old_version" ]; then
    arch=$(dpkg-query -W -f '${Architecture}' "$belay_package") || { reason='dpkg does not know the installed version'; return 1; }
    find_deb "$belay_package" "$old_version" "$arch" || return 1
    remember way_back "$found_source" && remember previous_deb "$found_deb" || return 1
    previous_deb=$found_deb
  fi
  find_return_set || return 1
  [ -z "$old_version" ] || find_interim_needs || return 1
  if [ -n "$old_version" ] || [ -s "$tx/set" ]; then
    simulate_return
  else
    rm -rf "$tx/new-control"
    note 'first install: the way back is removal'
  fi
}

prepare_copies() {
  local n=1 name save verify restore user restore_when timeout bytes free
  save_conffiles || return 1
  snapshot_copy_first || return 1
  if [ -z "$tx_guest" ] && [ -n "$old_version" ]; then
    mkdir -p "$tx/snapshot/trial" || { reason="cannot write $tx/snapshot"; return 1; }
    while [ "$n" -le "$belay_dumps" ]; do
      "dump_$n"
      dump_save "$n" "$tx/snapshot/trial/$n" || return 1
      n=$((n + 1))
    done
  fi
  measure_snapshot || return 1
  # What copy, restore and set-aside need later is held now, while there is still somebody to refuse (16 MiB for dpkg and apt).
  bytes=$((measured + 16777216))
  free=$(($(stat -f -c '%a * %S' "$tx")))
  if [ "$free" -lt $((bytes + belay_reserve)) ]; then
    reason="$state needs $((bytes / 1048576)) MB and a reserve of $((belay_reserve / 1048576)) MB, $((free / 1048576)) MB are free"
    return 1
  fi
  if ! fallocate -l "$bytes" "$tx/ballast" 2>/dev/null && ! head -c "$bytes" /dev/zero >"$tx/ballast"; then
    reason="cannot reserve $((bytes / 1048576)) MB in $tx"
    return 1
  fi
}

prepare_gates() {
  if ! run_gates "$tx/gates"; then
    case "$reason " in
    *' freeze '*) policy_mode=enforce ;; # who freezes and observes has said both
    esac
    reason="gates: $(cut -f 1,2 "$tx/gates" | sed -n "s/${tab}FAILED\$//p" | tr '\n' ' ')"
    would_refuse || return 1
  fi
  record_overridden || { refuse_transaction; return 1; }
}

way_back_words() {
  if ! has_way_back; then
    printf 'NONE'
  else
    either "$old_version" "$belay_package $old_version from $(fact way_back), verified, return simulated" 'is removal (first install)'
  fi
}

# Only where the site observes: nothing whole was copied, so there is nothing to put back either.
lose_copies() {
  rm -rf "$tx/snapshot/paths" "$tx/snapshot/dumps" "$tx/snapshot/trial"
  remember copies none && lose_way_back "$reason"
}

# The process of the run, and its start time: the front end that called the hook, or the dpkg that called preinst.
run_process() {
  local pid=${BELAY_RUN_BY:-$PPID}
  printf '%s %s' "$pid" "$(process_start "$pid")"
}

# dpkg marks the package half-installed before it calls its old prerm, and unpacks members of a set before our own preinst; a session
# that is killed there takes apt and dpkg with it (T), and the next apt would refuse to do anything. Without a program of ours on
# disk (the first belay release) preinst arms.
arm_prepared() {
  [ -z "${preflight-}" ] && [ -e "$state/belay" ] || return 0
  arm
}

# prepare OLD NEW DEB: DEB may be unknown (empty). 0: prepared, lock held. 1: refused and said so.
prepare() {
  local copied policy remedy
  new_deb=$3
  tx=''
  if ! state_directory || ! take_lock 60; then
    if [ -d /var/lib/belay ] && [ ! -w /var/lib/belay ]; then
      read_only /var/lib/belay
      reason="$reason; first: $remedy"
    fi
    refusal "$reason" "$1" "$2"
    return 1
  fi
  may_go_forward || { refusal "$reason" "$1" "$2"; return 1; }
  if load_open; then
    if settled "$tx_state" || [ "$tx_state" = prepared ] || [ -z "$tx_state" ] || [ -e "$state/override" ]; then
      close_transaction "$(settled "$tx_state" && echo "$tx_state" || echo aborted)" 'another run began'
    elif [ "$tx_state" = unproven ]; then
      # What could not be proved is followed by a newer version: an image brought up to date before it ever ran, a repair.
      close_transaction unproven
    elif [ "$tx_state" = probation ]; then
      # Whether it is the way back of the next release is what its checks are still asked.
      reason="$new_version is in probation; first: belay-$belay_package keep, or belay-$belay_package return"
      refusal "$reason" "$1" "$2"
      return 1
    else
      reason="a transaction to $new_version is $tx_state; let it end: belay-$belay_package resume"
      refusal "$reason" "$1" "$2"
      return 1
    fi
  fi
  begin_transaction "$1" "$2" || { refusal "$reason" "$1" "$2"; return 1; }
  if [ -n "${BELAY_RUN_LIST:-}" ]; then cp "$BELAY_RUN_LIST" "$tx/run"; else write_run_of_dpkg >"$tx/run"; fi
  if is_guest; then
    journal fact guest "$guest_because"
    tx_guest=$guest_because
  fi
  if [ -n "$3" ]; then
    remember deb "$3" && remember deb_sha256 "$(sha256sum <"$3" | cut -d ' ' -f 1)"
  fi
  record_marks
  record_units && restart_what_prerm_stopped
  if [ -e "$state/override" ]; then
    journal fact override "set: $(one_line "$(head -c 200 "$state/override")")" # an empty file is an override too
    tx_override=yes
    say "OVERRIDE: $state/override is there: no gate, no snapshot, no step"
    enter prepared 'override'
    return
  fi
  read_policy || { reason="policy: $policy_wrong"; refuse_transaction; return 1; }
  policy=$(policy_text)
  [ -z "$policy" ] || remember policy "$policy" || { refuse_transaction; return 1; }
  prepare_conditions && members_are_plain || { refuse_transaction; return 1; }
  may_be_tried || would_refuse || return 1
  prepare_gates && ask_before || return 1
  prepare_way_back || { reason="way back: $reason"; without_way_back || return 1; }
  if [ -z "$tx_guest" ] && [ -n "$old_version" ]; then
    find_skipped_units
    run_baseline
  fi
  copied=$(uptime_ms)
  prepare_copies || { reason="first copy: $reason"; would_refuse && lose_copies || return 1; }
  write_plan_b "$tx/plan-b.txt" || { reason="Plan B: $reason"; refuse_transaction; return 1; }
  sync "$tx/plan-b.txt" "$tx"
  remember prepared_at "$(uptime_ms)" && remember run_by "$(run_process)" && arm_prepared && enter prepared || { refuse_transaction; return 1; }
  say "gates $(grep -c "^[^$tab]*${tab}ok$tab" "$tx/gates")/$(grep -c . "$tx/gates") ok · way back $(way_back_words) · first copy $(du -sh "$tx/snapshot" | cut -f 1) in $(seconds $(($(uptime_ms) - copied))), verified"
  write_status
}

# A foreign prerm stops its service before our preinst runs; the old files are still there, so it serves on while we prepare.
restart_what_prerm_stopped() {
  local n unit was_active was_enabled was_triggers was_dependents
  [ -z "$tx_guest" ] && [ -n "$old_version" ] || return 0
  while IFS="$tab" read -r n unit was_active was_enabled was_triggers was_dependents; do
    if [ "$was_active" = yes ] && ! manager is-active --quiet -- "$unit"; then
      note "$unit was stopped just before; starting it again"
      manager start -- "$unit" >>"$tx/log" 2>&1 || say "could not start $unit again"
    fi
  done <"$tx/units"
}
