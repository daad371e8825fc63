# The old version's files beside what dpkg has: extracted, and how they are laid over it for its services alone.

# lay_aside: uses no room that the return needs. 1: it cannot be done; reason says why.
lay_aside() {
  local deb size free
  deb=$(fact previous_deb)
  rm -rf "$tx/interim"
  mkdir -m 0700 "$tx/interim" || { reason="cannot write $tx"; return 1; }
  size=$(dpkg-deb -f "$deb" Installed-Size) || size=''
  case $size in
  '' | *[!0-9]*) size=$(($(stat -c %s "$deb") * 6 / 1024)) ;; # rebuilt, or made by hand
  esac
  free=$(($(stat -f -c '%a * %S' "$tx")))
  if [ "$free" -lt $((size * 1024 + 16777216 + belay_reserve)) ]; then
    reason="its files need $((size / 1024 + 1)) MB beside a reserve of $((belay_reserve / 1048576)) MB, $((free / 1048576)) MB are free in $state"
    return 1
  fi
  dpkg-deb -x "$deb" "$tx/interim/tree" >>"$tx/log" 2>&1 9>&- || { reason="$deb cannot be extracted to $tx"; return 1; }
  printf '#!/bin/sh\n' >"$tx/interim/runs" && chmod 0700 "$tx/interim/runs" && "$tx/interim/runs" 2>>"$tx/log" ||
    { reason="no program may run in $state (noexec)"; return 1; }
  plan_interim >"$tx/interim/plan" || { reason="$(sed -n 's/^obstacle //p' "$tx/interim/plan")"; return 1; }
  list_interim_files
}

# plan_interim: prints "bind PATH" (a directory or a file that differs), "unit NAME", "hide NAME" (what /run must hide of the new
# version's units); 1: "obstacle WHY". A directory is laid over whole only where nobody but this package writes, so that no file is
# made on the host and no data hidden; else each file that differs by itself, which must be there to be laid over.
plan_interim() {
  # shellcheck disable=SC2046 # unit names have no white space
  perl -e '
    my ($tree, $package, $ours, $before, @services) = @ARGV;
    sub lines { open(my $f, "<", $_[0]) or return (); chomp(my @l = <$f>); @l }
    sub obstacle { print "obstacle $_[0]\n"; exit 1 }
    my %conffile = map { $_ => 1 } lines($before);
    my %new = map { $_ => 1 } map { lines($_) } glob("/var/lib/dpkg/info/$package.list /var/lib/dpkg/info/$package:*.list");
    my @diversions = lines("/var/lib/dpkg/diversions");
    my %moved;
    for (0 .. $#diversions) { $moved{ $diversions[$_] } = "diverted" if $_ % 3 == 0 && $diversions[$_ + 2] ne $package }
    for (lines("/var/lib/dpkg/statoverride")) { $moved{ (split " ", $_, 4)[3] } = "given another owner or mode here" }
    my (@binds, @units);
    my $systemd = qr{^(?:/usr)?/lib/systemd/system/};
    # What no service reads, and what of ours is about belay.
    my $beside = qr{^/usr/share/(?:doc|man|info|lintian)(?:/|$)|^/usr/sbin/belay-\Q$ours\E$|^/usr/lib/belay(?:/|$)};
    sub entries { opendir(my $d, $_[0]) or return (); grep { $_ ne "." && $_ ne ".." } readdir $d }
    sub text { local $/; open(my $f, "<", $_[0]) or return ""; my $t = <$f>; $t // "" }
    sub same {
      my ($old, $now) = @_;
      if (-l $old || -l $now) { return -l $old && -l $now && readlink($old) eq readlink($now) }
      my @a = lstat $old or return 0; my @b = lstat $now or return 0;
      return 0 if $a[2] != $b[2] || $a[4] != $b[4] || $a[5] != $b[5] || $a[7] != $b[7];
      return 1 if !-f _;
      open(my $f, "<", $old) or return 0; open(my $g, "<", $now) or return 0;
      my ($x, $y);
      while (1) { my ($n, $m) = (read($f, $x, 65536), read($g, $y, 65536)); return 0 if $n != $m || $n && $x ne $y; return 1 if !$n }
    }
    sub of_new {
      my ($path) = @_;
      return 1 if $path =~ m{/__pycache__$};
      return 0 unless $new{$path};
      if (-d $path && !-l $path) { for (entries($path)) { return 0 unless of_new("$path/$_") } }
      return 1;
    }
    # Nobody but this package has anything there, and nobody but root may write there.
    sub whole {
      my ($path, $device) = @_;
      my @old = lstat "$tree$path"; my @now = lstat $path;
      return 0 if !@now || !-d _ || $now[0] != $device;
      return 0 if $old[4] || $old[2] & 022 || $now[4] || $now[2] & 022;
      my @names = entries("$tree$path") or return 0;
      for (entries($path)) { next if -l "$tree$path/$_" || -e "$tree$path/$_"; return 0 unless of_new("$path/$_") }
      for (@names) {
        return 0 if $moved{"$path/$_"};
        next if -l "$tree$path/$_" || !-d "$tree$path/$_";
        return 0 if -e "$path/$_" && !whole("$path/$_", $device);
      }
      return 1;
    }
    sub differs {
      my ($path) = @_;
      for (entries($path)) { return 1 unless $_ eq "__pycache__" || -l "$tree$path/$_" || -e "$tree$path/$_" }
      for (entries("$tree$path")) {
        my $child = "$path/$_";
        if (-d "$tree$child" && !-l "$tree$child") { return 1 if !-d $child || differs($child) } elsif (!same("$tree$child", $child)) { return 1 }
      }
      return 0;
    }
    sub files { my ($path) = @_; for (entries("$tree$path")) { return 1 if -l "$tree$path/$_" || !-d "$tree$path/$_" || files("$path/$_") } 0 }
    sub visit {
      my ($path) = @_;
      for my $name (sort(entries("$tree$path"))) {
        my $child = "$path/$name";
        next if $child =~ $beside || $conffile{$child};
        if ("$child/" =~ m{$systemd$} ) { push @units, map { "$child/$_" } entries("$tree$child"); next }
        if (-d "$tree$child" && !-l "$tree$child") {
          next if !files($child);
          obstacle("$child is not there any more") if !-d $child;
          if ($child =~ m{^/(?:usr|opt)/} && whole($child, (stat $child)[0])) { push @binds, $child if differs($child) } else { visit($child) }
          next;
        }
        next if same("$tree$child", $child);
        obstacle("$child is $moved{$child}") if $moved{$child};
        obstacle("$child is not there any more") if !-e $child && !-l $child;
        obstacle("$child is a link in one of the versions, to another place than in the other") if -l $child || -l "$tree$child";
        obstacle("$child is no file now") if !-f $child;
        push @binds, $child;
      }
    }
    visit("");
    obstacle("too many single files differ") if @binds > 500;
    for (@binds) { obstacle("it has a name with characters that systemd takes for its own: $_") if m{[^A-Za-z0-9/._+\@,=~-]} }
    # What PID 1 reads. Only the names of the old and the new version: a drop-in of somebody else stays in force.
    my %now = map { m{$systemd(.+)} ? ($1 => $_) : () } keys %new;
    my %old;
    for my $path (@units) {
      my ($name) = $path =~ m{$systemd(.+)} or next;
      if (-d "$tree$path" && !-l "$tree$path") { $old{"$name/$_"} = "$path/$_" for grep { /\.conf$/ } $name =~ /\.d$/ ? entries("$tree$path") : () } else { $old{$name} = $path }
    }
    for (sort keys %old) { next if -l "$tree$old{$_}" || same("$tree$old{$_}", $old{$_}); push @binds, "=unit $old{$_}" }
    for (sort keys %now) { push @binds, "=hide $_" if m{\.d/[^/]+\.conf$} && !$old{$_} && -f $now{$_} }
    # Programs outside the namespace of the service, and services with a root of their own, would see the new version.
    for my $unit (@services) {
      (my $template = $unit) =~ s/\@.*(\.\w+)$/\@$1/;
      for my $name ($unit, $template) {
        my @texts = map { text($_) } ((grep { -f } "/etc/systemd/system/$name"), glob("/etc/systemd/system/$name.d/*.conf"), map { "$tree$old{$_}" } grep { $_ eq $name || m{^\Q$name.d/\E} } keys %old);
        for (@texts) { obstacle("$unit runs something that does not see its own files") if /^Root(?:Directory|Image)=\s*\S|^Exec\w+=[-\@:!|]*\+/m }
      }
    }
    for (@binds) { print /^=(.*)/ ? "$1\n" : "bind $_\n" }
  ' "$tx/interim/tree" "$belay_package" "$belay_package" "$tx/conffiles-before" $(declared_units) 2>>"$tx/log"
}

# What may run from aside: the declared units, and services of the old version that a socket, a timer or another unit starts.
interim_services() {
  local file
  {
    declared_units
    for file in "$tx"/interim/tree/lib/systemd/system/*.service "$tx"/interim/tree/usr/lib/systemd/system/*.service; do
      if [ -f "$file" ] && [ ! -L "$file" ]; then printf '%s\n' "${file##*/}"; fi
    done
  } | sort -u
}

declared_units() {
  local n=1 unit enable on_upgrade
  while [ "$n" -le "$belay_services" ]; do
    "service_$n"
    printf '%s\n' "$unit"
    n=$((n + 1))
  done
}
