# What systemd is told in the interim, all of it in /run: the old version's unit files, and its files over those of the new version.

# The sources of the binds, and a sign for the units' condition: where it does not lead to anything, nothing may start.
interim_link=/run/belay/$belay_package.interim
interim_files=/run/belay/$belay_package.interim.files

# Writes $tx/interim/files: WHAT, the file in /run, and what it is made of. 1: one of them is somebody else's.
list_interim_files() {
  local what path name unit
  take_interim_away
  {
    while read -r what path; do
      case $what in
      unit) name=${path#*/lib/systemd/system/} ;;
      hide) name=$path ;;
      *) continue ;;
      esac
      printf '%s %s %s\n' "$what" "/run/systemd/system/$name" "$path"
    done <"$tx/interim/plan"
    for unit in $(interim_services); do printf 'binds /run/systemd/system/%s.d/belay-interim.conf -\n' "$unit"; done
  } >"$tx/interim/files" || { reason="cannot write $tx"; return 1; }
  while read -r what name path; do
    if [ -e "$name" ] || [ -L "$name" ]; then
      reason="somebody has put $name there"
      return 1
    fi
  done <"$tx/interim/files"
}

# put_interim_units: /run has them; the caller reloads.
put_interim_units() {
  local what path name
  # The list first: whoever comes after a kill knows what to take away.
  (umask 022 && mkdir -p /run/belay) && cp "$tx/interim/files" "$interim_files" && ln -sfn "$tx/interim/tree" "$interim_link" || { reason='cannot write /run/belay'; return 1; }
  while read -r what name path; do
    (umask 022 && mkdir -p "${name%/*}" && case $what in
      unit) cat "$tx/interim/tree$path" >"$name" ;;
      hide) ln -s /dev/null "$name" ;;
      binds) { echo '[Service]' && sed -n "s|^bind \\(.*\\)|BindReadOnlyPaths=$interim_link\\1:\\1|p" "$tx/interim/plan"; } >"$name" ;;
      esac) || { reason="cannot write $name"; return 1; }
  done <"$tx/interim/files"
}

# From the next reload on the units start only where $state/may-start leads somewhere, and as yet it does not.
start_only_interim() {
  local unit
  rm -f "$state/may-start"
  for unit in $(declared_units); do put_start_condition "$unit" "ConditionPathExists=$state/may-start" || return 1; done
}

# Now they start, and after a reboot, which takes /run away, they do not.
let_interim_start() {
  ln -sfn "$interim_link/." "$state/may-start" && sync "$state" || { reason="cannot write $state"; return 1; }
}

# Whoever wrote them: the names are in the list.
take_interim_away() {
  local what name path
  if [ -f "$interim_files" ]; then
    while read -r what name path; do
      rm -f "$name"
      rmdir --ignore-fail-on-non-empty "${name%/*}" 2>/dev/null || : # /run/systemd/system itself, or gone
    done <"$interim_files"
    rm -f "$interim_files"
  fi
  [ ! -L "$interim_link" ] || rm -f "$interim_link"
}

# Conffiles that only the new version has (cron.d, sudoers.d) would be live for the old one too; our own hook stays.
set_conffiles_of_new_aside() {
  local path sum flag
  dpkg-query -W -f '${Conffiles}\n' "$belay_package" >"$tx/conffiles-now" 2>>"$tx/log" || return 0 # unknown: nothing to set aside
  while read -r path sum flag; do
    [ -n "$path" ] && [ -f "$path" ] && [ "$path" != "/etc/apt/apt.conf.d/$belay_hook" ] || continue
    grep -qxF "$path" "$tx/conffiles-before" 2>/dev/null && continue # the old version's as well
    aside_file "$path" || return 1
  done <"$tx/conffiles-now"
}

# What of this run the old version needs, by its package's relations: only the run's list and the packages themselves know, so this
# is found in prepare. A run of our package alone asks nothing.
find_interim_needs() {
  local names
  grep -qv "^$belay_package " "$tx/run" || return 0
  names=$(dpkg-deb -f "$previous_deb" Pre-Depends Depends | perl -e '
    my ($ours, $dir, $run) = @ARGV;
    my %needed;
    { local $/; for (split /[,|\n]/, <STDIN>) { s/^(?:Pre-)?Depends://; $needed{$1} = 1 if /^\s*([a-z0-9][a-z0-9+.-]*)/ } }
    my (%changed, %found);
    open(my $f, "<", $run) or exit 1;
    while (<$f>) { my @w = split; $changed{ $w[0] } = 1 if @w == 9 && $w[0] ne $ours && $w[8] =~ m{^/|^\*\*REMOVE\*\*$} }
    sub look {
      my ($name, $text) = @_;
      my %is = ($name => 1);
      if ($text =~ /^Provides:(.*(?:\n[ \t].*)*)/m) { for (split /,/, $1) { $is{$1} = 1 if /^\s*([^\s(:]+)/ } }
      for (keys %is) { $found{$name} = 1 if $needed{$_} }
    }
    look($_, "") for keys %changed;
    for my $file (glob "$dir/*") { local $/; open(my $t, "<", $file) or exit 1; my $text = <$t>; my ($name) = $text =~ /^Package: (\S+)/m; look($name, $text) if defined $name && $changed{$name} }
    local $/ = "";
    open(my $status, "<", "/var/lib/dpkg/status") or exit 1;
    while (<$status>) { look($1, $_) if /^Package: (\S+)/ && $changed{$1} }
    print join " ", sort keys %found;
  ' "$belay_package" "$tx/new-control" "$tx/run") || { reason='cannot tell what the old version needs of this run'; return 1; }
  [ -z "$names" ] || remember interim_needs "$names"
}
