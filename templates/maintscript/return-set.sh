# The return set: what this run changes that cannot live with the old version, and the members of a declared set.

# Prints "back NAME ARCH VERSION" and "remove NAME" for all that goes back with our package. Perl, because one look at a run of
# hundreds of packages asks for thousands of relations.
return_set() {
  perl -e '
    my ($ours, $dir, $native, $run, @declared) = @ARGV;
    my (%before, %after, %run, %named, %compared);
    sub key { $_[1] eq $native || $_[1] eq "all" || $_[1] eq "-" ? $_[0] : "$_[0]:$_[1]" }
    sub package_of {
      my %of;
      $of{$1} = $2 while $_[0] =~ /^(Package|Version|Architecture|Status|Pre-Depends|Depends|Conflicts|Breaks|Provides):[ \t]*(.*(?:\n[ \t].*)*)/mg;
      return \%of;
    }
    sub atom { $_[0] =~ /^\s*([^\s:(\[<]+)(?::\S+)?\s*(?:\(\s*(<<|<=|=|>=|>>|<|>)\s*([^\s)]+)\s*\))?/ ? ($1, $2, $3) : () }
    sub holds {
      my ($have, $op, $want) = @_;
      return $op ne "<<" && $op ne ">>" if $have eq $want;
      $compared{"$have $op $want"} //= system("dpkg", "--compare-versions", $have, $op, $want) == 0 ? 1 : 0;
    }
    # what PACKAGE is to a relation that names NAME: "" unnamed, else its version or the provided one ("-": none)
    sub as {
      my ($p, $name) = @_;
      return $p->{Version} if $p->{Package} eq $name;
      for (split /,/, $p->{Provides} // "") { my ($n, undef, $v) = atom($_); return $v // "-" if defined $n && $n eq $name }
      return "";
    }
    sub matches {
      my ($p, $atom) = @_;
      my ($name, $op, $want) = atom($atom) or return 0;
      my $have = as($p, $name);
      return 0 if $have eq "";
      return 1 if !defined $op;
      return $have ne "-" && holds($have, $op, $want);
    }
    sub hit { my ($p, $q) = @_; my $all = join ",", grep { defined } @$p{qw(Breaks Conflicts)}; for (split /,/, $all) { return 1 if matches($q, $_) } 0 }
    # siblings of two architectures have one version (Multi-Arch: same)
    sub clash { my ($p, $q) = @_; $p->{Package} eq $q->{Package} ? $p->{Version} ne $q->{Version} : hit($p, $q) || hit($q, $p) }
    sub groups { my ($p) = @_; split /,/, join ",", grep { defined } @$p{qw(Pre-Depends Depends)} }
    sub met {
      my ($group, $world) = @_;
      for my $alternative (split /\|/, $group) {
        my ($name) = atom($alternative) or return 1;
        for my $key (@{ $named{$name} // [] }) { my $p = $world->($key); return 1 if $p && matches($p, $alternative) }
      }
      return 0;
    }
    { local $/ = "";
      open(my $f, "<", "/var/lib/dpkg/status") or exit 1;
      while (<$f>) { my $p = package_of($_); $before{ key(@$p{qw(Package Architecture)}) } = $p if ($p->{Status} // "") !~ /(?:not-installed|config-files)$/ && defined $p->{Version} } }
    %after = %before;
    { open(my $f, "<", $run) or exit 1;
      while (<$f>) {
        my ($name, $old, $arch, undef, undef, $new, $new_arch, undef, $path) = split " ", $_;
        next if !defined $path || $path !~ m{^/|^\*\*REMOVE\*\*$};
        my $key = key($name, $arch ne "-" ? $arch : $new_arch);
        $run{$key} = 1;
        if ($old eq "-") { delete $before{$key} }
        elsif (!$before{$key} || $before{$key}{Version} ne $old) { $before{$key} = { Package => $name, Version => $old, Architecture => $arch } }
        delete $after{$key};
      } }
    for my $file (glob "$dir/*") { local $/; open(my $f, "<", $file) or exit 1; my $p = package_of(<$f>); my $key = key(@$p{qw(Package Architecture)}); $after{$key} = $p; $run{$key} = 1 }
    for my $side (\%before, \%after) { for my $key (keys %$side) {
      push @{ $named{$_} }, $key for $side->{$key}{Package}, map { (atom($_))[0] // () } split /,/, $side->{$key}{Provides} // "" } }
    my %set = ($ours => 1);
    for my $member (@declared) { for (keys %run) { $set{$_} = 1 if /^\Q$member\E(?::|$)/ } }
    my ($was, $is, $world) = (sub { $before{$_[0]} }, sub { $after{$_[0]} }, sub { $set{$_[0]} ? $before{$_[0]} : $after{$_[0]} });
    sub goes {
      my ($key) = @_;
      my ($old, $new) = ($before{$key}, $after{$key});
      for my $member (sort keys %set) {
        my ($back, $came) = ($before{$member}, $after{$member});
        return 1 if $new && $back && clash($new, $back);
        return 1 if !$new && $old && $came && clash($old, $came);
        next if !$back || !$old;
        for (groups($back)) { return 1 if !met($_, $world) && met($_, $was) && met($_, sub { $_[0] eq $key ? $old : undef }) }
      }
      if ($new) { for (groups($new)) { return 1 if !met($_, $world) && met($_, $is) } }
      elsif ($old) { for (groups($old)) { return 1 if !met($_, $is) && met($_, $world) } }
      return 0;
    }
    my $grown = 1;
    while ($grown) { $grown = 0; for (sort keys %run) { if (!$set{$_} && goes($_)) { $set{$_} = $grown = 1 } } }
    for (sort keys %set) {
      next if $_ eq $ours;
      if (my $p = $before{$_}) { print "back $p->{Package} $p->{Architecture} $p->{Version}\n" } else { print "remove $_\n" }
    }' "$belay_package" "$tx/new-control" "$(dpkg --print-architecture)" "$tx/run" $belay_set_members
}

# Finds the set, its previous .debs ($tx/wayback) and its marks: $tx/set has NAME ARCH VERSION MARK SELECTION a line, $tx/remove
# the names of what this run newly installs.
find_return_set() {
  local what name arch version
  return_set >"$tx/set.found" || { reason="cannot tell what this run changes"; return 1; }
  true >"$tx/remove"
  true >"$tx/set"
  while read -r what name arch version; do
    if [ "$what" = remove ]; then
      printf '%s\n' "$name" >>"$tx/remove"
      continue
    fi
    find_deb "$name" "$version" "$arch" || {
      reason="$name $version goes back with $belay_package $old_version, and there is no way back for it: $reason"
      return 1
    }
    printf '%s %s %s %s %s\n' "$name" "$arch" "$version" "$(mark_of "$name")" "$(selection_of "$name")" >>"$tx/set"
  done <"$tx/set.found"
  rm -f "$tx/set.found"
  sync "$tx/set" "$tx/remove"
}

# The packages that go back to a version, ours first: NAME ARCH VERSION MARK SELECTION a line.
return_members() {
  [ -z "$old_version" ] || printf '%s %s %s - -\n' "$belay_package" "${belay_arch:-all}" "$old_version"
  [ ! -s "$tx/set" ] || cat "$tx/set"
}

# set_is_not_back no_file_is_left_out | files_are_whole: what is not as it was, our own package left out. Nothing printed: the set
# is back.
set_is_not_back() {
  local name arch version mark selection
  if [ -f "$tx/set" ]; then
    while read -r name arch version mark selection; do
      case $(dpkg-query -W -f '${db:Status-Abbrev}${Version}' "$(qualified "$name" "$arch")" 2>/dev/null) in # unknown: not there
      [ih][iWt]" $version") of_package "$name" "$1" || echo "$name" ;;
      *) echo "$name" ;;
      esac
    done <"$tx/set"
  fi
  to_be_removed
}

# What this run newly installed, goes with it, and is still there.
to_be_removed() {
  local name
  [ -f "$tx/remove" ] || return 0
  while read -r name; do
    case $(dpkg-query -W -f '${db:Status-Abbrev}' "$name" 2>/dev/null) in # unknown: not there
    '' | ?[nc]*) ;;
    *) echo "$name" ;;
    esac
  done <"$tx/remove"
}

# qualified NAME ARCH: as dpkg-query wants it; a package of this architecture may become "all" and the other way round.
qualified() {
  case $2 in
  all | "$(dpkg --print-architecture)") printf '%s' "$1" ;;
  *) printf '%s:%s' "$1" "$2" ;;
  esac
}

# of_package NAME FUNCTION ARGUMENTS: some functions look at one package, the one in belay_package; for a member that is another.
of_package() {
  local belay_package="$1"
  shift
  "$@"
}

restore_set_marks() {
  local name arch version mark selection failed=0
  [ -f "$tx/set" ] || return 0
  while read -r name arch version mark selection; do
    restore_mark "$name" "$mark" "$selection" || failed=1
  done <"$tx/set"
  return "$failed"
}

# 0: the return of another package of ours puts this one back: no gate, no snapshot, and its own transaction decides nothing.
returned_by_another() {
  local journal
  case ${BELAY_RETURN_OF-} in
  '' | "$belay_package" | *[!a-z0-9+.-]*) return 1 ;;
  esac
  journal="${state%/*}/$BELAY_RETURN_OF/open/journal"
  # Whoever set the variable by hand has no such journal.
  [ -f "$journal" ] && grep "${tab}state$tab" "$journal" | tail -n 1 | grep -q "${tab}state${tab}returning$tab"
}
