# The Plan B of this transaction: what a person does in a root bash when our own return failed or our programs are gone.
# Every line is blank, a remark behind "# ", or part of a command behind four spaces. The generic one in the package has
# the same text with other words for what only this host knows (Packaging/Plan/ManualPlan.swift); a test compares them.

# write_plan_b FILE: complete or not there; reads the header, $tx and what prepare recorded in it
write_plan_b() {
  if plan_b_text >"$1.new" && [ "$(tail -n 1 "$1.new")" = '# End of the Plan B.' ] && sync "$1.new" && mv "$1.new" "$1"; then
    return 0
  fi
  rm -f "$1.new"
  reason="cannot write $1"
  return 1
}

# How a value is written for people to copy: as it is, in single quotes, or as $'…' when something in it cannot be seen.
# Bidirectional marks are format characters: they make a command read as another one.
# shellcheck disable=SC2016 # perl's, not the shell's
plan_b_perl='
my ($how, $v) = @ARGV;
my $hidden = qr/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/;
if ($how eq "shown") {
  $v =~ s/($hidden)/sprintf "<U+%04X>", ord $1/ge;
  print $v;
} elsif ($v =~ $hidden) {
  $v =~ s/([\\\x27])/\\$1/g;
  $v =~ s/\n/\\n/g;
  $v =~ s/($hidden)/my $b = $1; utf8::encode($b); join "", map { sprintf "\\%03o", ord } split m{}, $b/ge;
  print "\$\x27$v\x27";
} else {
  $v =~ s/\x27/\x27\\\x27\x27/g;
  print "\x27$v\x27";
}'

# quoted VALUE: one word of a bash command line
quoted() {
  local rest="$1"
  case $1 in
  *[!\ -~]*) perl -CAO -e "$plan_b_perl" quoted "$1" ;;
  '' | *[!A-Za-z0-9_./:=@%+,-]*)
    printf "'"
    while [ "$rest" != "${rest#*"'"}" ]; do
      printf "%s'\\\\''" "${rest%%"'"*}"
      rest=${rest#*"'"}
    done
    printf "%s'" "$rest"
    ;;
  *) printf '%s' "$1" ;;
  esac
}

# shown VALUE: the same for a remark
shown() {
  case $1 in
  *[!\ -~]*) perl -CAO -e "$plan_b_perl" shown "$1" ;;
  *) printf '%s' "$1" ;;
  esac
}

remark() { printf '# %s\n' "$1"; }
command_line() { printf '    %s\n' "$1"; }

part() {
  plan_b_part=$((plan_b_part + 1))
  printf '\n# %d. %s\n' "$plan_b_part" "$1"
}

# user_command USER COMMAND INPUT: as we run it: bash, strict, from /
user_command() {
  local name
  case $1 in
  '' | root) printf 'env -C / ' ;;
  *)
    name=$(quoted "$1")
    printf 'runuser -u %s -- env -C / ' "$name"
    # bash expands ~account in an argument like this one; an account that needs quotes keeps the caller's HOME
    [ "$name" != "$1" ] || printf 'HOME=~%s ' "$1"
    ;;
  esac
  printf 'bash -eu -o pipefail -c %s <%s' "$(quoted "$2")" "$3"
}

# What the journal says was done already, by the update or by a return that failed, is not done again.
was_done() { printf "grep -qP '\\\\tdone\\\\t%s\\\\t' journal" "$1"; }
plan_b_saved="grep -qP '\\tstate\\tsaved\\t' journal"
plan_b_opened="grep -qP '\\tfact\\topened\\t' journal"
plan_b_touched="grep -qP '\\t(done\\tstep-\\d+-begun|fact\\topened)\\t' journal"

plan_b_text() {
  local plan_b_part=0
  plan_b_head
  plan_b_aside
  plan_b_shell
  plan_b_bring
  plan_b_copies
  plan_b_hooks before "$belay_fallback_before" 'before the return'
  plan_b_stop
  plan_b_undo
  if [ -n "$old_version" ]; then
    [ "$(fact copies)" = none ] || plan_b_dumps
    [ "$(fact copies)" = none ] || plan_b_paths outside-etc
    plan_b_install
    [ "$(fact copies)" = none ] || plan_b_configuration
    plan_b_start
    plan_b_checks
  else
    plan_b_remove
  fi
  plan_b_hooks after "$belay_fallback_after" 'after the return'
  plan_b_close
}

plan_b_head() {
  local line
  printf '    touch %s    # PLAN B of %s: first of all, belay keeps its hands off\n#\n' \
    "$(quoted "$state/override")" "$(shown "$belay_package $belay_version")"
  remark "For a person in a root shell (sudo -i; bash), when belay's own return failed or its programs are gone."
  remark 'Lines that begin with four spaces are commands: copy them one by one, in order, and stop at the first one that fails.'
  remark 'All of them can be run at once, in the same way: bash -e plan-b.txt'
  [ -z "$belay_contacts" ] || printf '%s\n' "$belay_contacts" | while IFS= read -r line; do
    remark "Call: $(shown "$line")"
  done
}

plan_b_aside() {
  part 'belay stands aside'
  remark 'While the override of the first line is there: no gate, no snapshot, no step, no return by itself. A process'
  remark "of belay's that still runs is waited for; the boot unit and the open transaction are taken away."
  command_line "flock -w 900 $(quoted "$state/lock") true"
  command_line "rm -f $(quoted "/etc/systemd/system/multi-user.target.wants/$belay_unit-settle.service") $(quoted "/etc/systemd/system/$belay_unit-settle.service") $(quoted "$state/open")"
}

plan_b_shell() {
  part 'the shell'
  remark 'All that follows is done in this directory and with this environment.'
  command_line "cd $(quoted "$tx")"
  command_line 'rm -f ballast'
  command_line 'export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8'
  command_line "export BELAY_PACKAGE=$(quoted "$belay_package") BELAY_OLD_VERSION=$(quoted "$old_version") BELAY_NEW_VERSION=$(quoted "$belay_version") BELAY_TRANSACTION=$(quoted "${tx##*/}")"
  # shellcheck disable=SC2016 # for the person's shell
  [ -z "$belay_env_file" ] || command_line 'while IFS= read -r line; do case $line in [A-Za-z_]*=*) export "$line" ;; esac; done <'"$(quoted "$belay_env_file")"
}

# way_back=optional, or a site that only observes: what was not kept has to be brought.
plan_b_bring() {
  has_way_back && return 0
  part 'the way back is missing'
  remark "$(shown "$(fact way_back_missing)")"
  remark "Bring a .deb of $(shown "$belay_package $old_version") and nothing else here, as wayback/ANY-NAME.deb; what it depends on is not proved."
  [ "$(fact copies)" != none ] || remark 'No data was copied before the update either: none can be put back.'
  command_line "test \"\$(dpkg-deb --showformat '\${Package} \${Version}' -W wayback/*.deb)\" = $(quoted "$belay_package $old_version")"
}

plan_b_copies() {
  local n file sum path restore_when copy max_size exclude
  [ -n "$old_version" ] || return 0
  part 'the copies'
  remark 'The way back is what it was when it was proved. Do not go on if one of these fails: call.'
  for file in "$tx"/wayback/*.deb; do
    has_way_back || break
    sum=$(sha256sum <"$file") || return 1
    command_line "echo $(quoted "${sum%% *}  wayback/${file##*/}") | sha256sum -c -"
  done
  [ "$(fact copies)" != none ] || return 0
  n=1
  while [ "$n" -le "$belay_dumps" ]; do
    # shellcheck disable=SC2016 # for the person's shell
    command_line "if [ -e snapshot/dumps/$n ]; then echo \"\$(cat snapshot/dumps/$n.sha256)  snapshot/dumps/$n\" | sha256sum -c -; fi"
    n=$((n + 1))
  done
  n=1
  while [ "$n" -le "$belay_paths" ]; do
    "path_$n"
    if [ "$copy" = copy ] && [ "$(plan_b_kind "$n")" != absent ]; then
      command_line "(cd snapshot/paths/$n && sed -n 's/^sha256 //p' manifest | sha256sum -c -)"
    fi
    n=$((n + 1))
  done
}

# plan_b_hooks before|after COUNT TITLE
plan_b_hooks() {
  local n=1 run
  [ "$2" -gt 0 ] || return 0
  part "$3"
  while [ "$n" -le "$2" ]; do
    "fallback_$1_$n"
    command_line "$(user_command '' "$run" /dev/null)"
    n=$((n + 1))
  done
}

plan_b_stop() {
  local n="$belay_services" unit enable on_upgrade was_active was_enabled was_triggers was_dependents name
  [ "$n" -gt 0 ] || return 0
  part "stop $belay_version"
  while [ "$n" -ge 1 ]; do
    "service_$n"
    was_triggers=''
    [ ! -f "$tx/units" ] || unit_was "$n" || :
    for name in $was_triggers "$unit"; do
      name=$(quoted "$name")
      command_line "if systemctl cat $name >/dev/null 2>&1; then systemctl stop $name; fi"
    done
    n=$((n - 1))
  done
  plan_b_interim
}

# What a return that was interrupted or failed has told systemd.
plan_b_interim() {
  local n=1 unit enable on_upgrade files
  remark "What belay's own return told systemd is taken away: not to start them, or to run the previous version from $(shown "$state")."
  while [ "$n" -le "$belay_services" ]; do
    "service_$n"
    command_line "rm -f $(quoted "/etc/systemd/system/$unit.d/belay-return.conf")"
    n=$((n + 1))
  done
  files=$(quoted "$interim_files")
  # Unit names may have backslashes, which xargs would take away.
  command_line "if [ -e $files ]; then cut -d ' ' -f 2 $files | xargs -d '\\n' rm -f $(quoted "$interim_link") $files; fi"
  n=1
  while [ "$n" -le "$belay_services" ]; do
    "service_$n"
    command_line "for dir in $(quoted "/etc/systemd/system/$unit.d") $(quoted "/run/systemd/system/$unit.d"); do [ ! -d \"\$dir\" ] || rmdir --ignore-fail-on-non-empty \"\$dir\"; done"
    n=$((n + 1))
  done
  command_line 'rm -rf interim'
  command_line 'systemctl daemon-reload'
}

plan_b_undo() {
  local n="$belay_steps" name stage unless run undo undo_kind timeout user first=yes
  while [ "$n" -ge 1 ]; do
    "step_$n"
    if [ "$undo_kind" = command ]; then
      [ -z "$first" ] || part 'undo the steps'
      first=''
      remark "step $n '$(shown "$name")', if it was begun and not yet undone"
      cat <<TEXT
    if $(was_done "step-$n-begun") &&
      ! $(was_done "step-$n-undone"); then
      $(user_command "$user" "$undo" /dev/null)
    fi
TEXT
    fi
    n=$((n - 1))
  done
}

# When a return puts a copy back, in the words of the documents.
restoring() {
  case $1 in
  always) printf 'put back on every return' ;;
  unopened) printf 'put back only if the new version was never opened to users' ;;
  esac
}

# plan_b_condition RESTORE_WHEN DONE [MORE]
plan_b_condition() {
  printf '    if %s &&\n' "$plan_b_saved"
  [ -z "${3-}" ] || printf '      %s &&\n' "$3"
  [ "$1" != unopened ] || printf '      ! %s &&\n' "$plan_b_opened"
  printf '      ! %s; then\n' "$(was_done "$2")"
}

plan_b_dumps() {
  local n=1 name save verify restore user restore_when timeout
  [ "$belay_dumps" -gt 0 ] || return 0
  part 'data: the dumps'
  while [ "$n" -le "$belay_dumps" ]; do
    "dump_$n"
    if [ -z "$restore" ] || [ "$restore_when" = never ]; then
      remark "dump '$(shown "$name")' in snapshot/dumps/$n: not put back; a person decides"
    else
      remark "dump '$(shown "$name")', $(restoring "$restore_when")"
      plan_b_condition "$restore_when" "dump-$n" "$plan_b_touched"
      printf '      %s\n    fi\n' "$(user_command "$user" "$restore" "snapshot/dumps/$n")"
    fi
    n=$((n + 1))
  done
}
