# Checks of stage "before": prepare asks them of the new version's files, laid over the host's in a mount namespace of our own.
# Nothing of the host is changed, so a release that fails here is refused for free (design, section 6).

before_numbers() {
  local n=1 name kind url tcp unit stays run user status body severity stage start_period interval timeout retries successes
  while [ "$n" -le "$belay_checks" ]; do
    "check_$n"
    [ "$stage" != before ] || printf '%s ' "$n"
    n=$((n + 1))
  done
}

# What the new version is asked once it is installed: also a required check of stage before that did not pass then, for no other
# proof is left (nothing could be told, the site observes, a person overrode).
checks_of_new() {
  local n=1 name kind url tcp unit stays run user status body severity stage start_period interval timeout retries successes
  while [ "$n" -le "$belay_checks" ]; do
    "check_$n"
    case $stage:$severity in
    before:required) [ -f "$tx/before-check" ] && [ "$(verdict_of "$n" "$tx/before-check")" = pass ] || printf '%s ' "$n" ;;
    before:*) ;;
    *) printf '%s ' "$n" ;;
    esac
    n=$((n + 1))
  done
}

# passed_before SEVERITY: how many checks of it (an expression) passed before anything changed.
passed_before() {
  if [ ! -f "$tx/before-check" ]; then
    echo 0
    return
  fi
  grep -c "^[0-9]*${tab}pass${tab}$1${tab}" "$tx/before-check" || : # none: it printed 0
}

# How many the installed version is not asked.
told_before() {
  local n told="$belay_checks"
  for n in $(checks_of_new); do told=$((told - 1)); done
  echo "$told"
}

# What the new files take while they lie aside; they are gone again before the first copy is made.
size_aside() {
  local size=''
  if [ -n "${new_deb-}" ] && [ -z "$tx_guest" ] && [ -n "$(before_numbers)" ]; then
    size=$(dpkg-deb -f "$new_deb" Installed-Size) || size=''
  fi
  case $size in
  '' | *[!0-9]*) echo 0 ;;
  *) echo $((size * 1024)) ;;
  esac
}

# ask_before: 1: refused.
ask_before() {
  local numbers
  numbers=$(before_numbers)
  # A guest (a chroot, an image build) runs no check of ours at all.
  [ -n "$numbers" ] && [ -z "$tx_guest" ] || return 0
  run_before "$numbers" || cannot_tell_before "$numbers" || { reason="cannot write $tx"; would_refuse; return; }
  rm -rf "$tx/before"
  judge_before
}

# run_before NUMBERS: 1: it cannot be told here, or not yet; reason says why.
run_before() {
  reason=''
  [ -n "$new_deb" ] || { reason='the .deb of this run is not known'; return 1; }
  command -v mount >/dev/null || { reason='there is no mount(8) here'; return 1; }
  reason=$(unshare --mount true 2>&1) || { reason="this host gives us no mount namespace: $(one_line "$reason")"; return 1; }
  dependencies_are_met && extract_aside && apply_site_rules && place_conffiles || return 1
  rm -f "$tx/before-check" "$tx/before/why"
  # The namespace, and every mount in it, ends with the last process in it; ours ends when this shell does.
  # shellcheck disable=SC2086 # numbers
  env -u DPKG_MAINTSCRIPT_NAME setpriv --pdeathsig KILL unshare --mount sh "$tx/program" before-checks $1 </dev/null 9>&- || :
  if [ -s "$tx/before-check" ]; then return 0; fi
  reason=$(last_line "$tx/before/why")
  reason="the new files cannot be laid over the host's: ${reason:-it was killed}"
  return 1
}

# The verb behind it, in the namespace: before-checks NUMBERS.
verb_before_checks() {
  load_open || return 74
  lay_new_files 2>"$tx/before/why" >>"$tx/log" || return 1
  run_checks check "$*" "$tx/before-check" || { rm -f "$tx/before-check"; printf '%s\n' "$reason" >"$tx/before/why"; return 1; }
}

# What the new version needs has to be there already; what the same run brings is not. apt with nothing to install from knows.
dependencies_are_met() {
  write_return_conf || return 1
  if return_apt -o Debug::NoLocking=1 -s install "$new_deb" >"$tx/before-apt" 2>&1; then
    rm -f "$tx/before-apt"
    return 0
  fi
  reason="what it depends on is not installed yet ($(sed -n 's/^ *\(.*Depends: .*\)/\1/p; s/^E: //p' "$tx/before-apt" | head -n 1))"
  return 1
}

extract_aside() {
  rm -rf "$tx/before"
  mkdir -m 0700 "$tx/before" && mkdir -m 0755 "$tx/before/root" || { reason="cannot write $tx"; return 1; }
  { dpkg-deb --fsys-tarfile "$new_deb" || true >"$tx/before/unread"; } 2>>"$tx/log" |
    tar --extract --preserve-permissions --warning=no-timestamp --directory "$tx/before/root" 2>>"$tx/log" && [ ! -e "$tx/before/unread" ] ||
    { reason="cannot extract $new_deb into $tx"; return 1; }
}

# cannot_tell_before NUMBERS: uses reason.
cannot_tell_before() {
  local n name kind url tcp unit stays run user status body severity stage start_period interval timeout retries successes
  for n in $1; do
    "check_$n"
    printf '%s\tinconclusive\t%s\t0\t%s\t%s\n' "$n" "$severity" "$name" "$(one_line "$reason")"
  done >"$tx/before-check"
}

judge_before() {
  local n result severity ms name message failed='' skipped='' passed=0 all=0
  sync "$tx/before-check"
  while IFS="$tab" read -r n result severity ms name message; do
    all=$((all + 1))
    case $result:$severity in
    pass:*) passed=$((passed + 1)) ;;
    fail:required)
      if overridden before; then
        say "check '$name' OVERRIDDEN, it fails against the new files: $message (BELAY_OVERRIDE: $(one_line "$BELAY_OVERRIDE"))"
        skipped="$skipped${skipped:+, }$name: $(one_line "$BELAY_OVERRIDE")"
      else
        failed="$failed${failed:+; }check '$name' fails against the new files: $message"
      fi
      ;;
    *:required) say "check '$name' cannot tell before the update: $message; it is asked again after it" ;;
    *) say "advisory: check '$name' against the new files: $result: $message" ;;
    esac
  done <"$tx/before-check"
  say "against the new files: checks $passed/$all ok${before_asked:+ (dpkg asks about $before_asked; what is there was taken)}"
  if [ -n "$skipped" ]; then
    n=$(fact overridden)
    remember overridden "$n${n:+, }$skipped" || { refuse_transaction; return 1; }
  fi
  [ -n "$failed" ] || return 0
  reason="$failed${before_asked:+ (dpkg asks about $before_asked; what is there was taken)}"
  would_refuse
}
