# The return, simulated by the host's own apt on the state the run would leave: the new version half-configured, the run's
# other packages at their new versions.

# Writes $tx/projected: /var/lib/dpkg/status as after the run (read_run).
project_status() {
  perl -e '
    my ($ours, $old, $dir, $native, $run) = @ARGV;
    my (%new, %done);
    sub key { my ($name, $arch) = @_; $arch eq $native || $arch eq "all" ? $name : "$name:$arch" }
    sub key_of { my ($name) = $_[0] =~ /^Package: (\S+)/m or return ""; my ($arch) = $_[0] =~ /^Architecture: (\S+)/m; key($name, $arch // "all") }
    { open(my $f, "<", $run) or exit 1;
      while (<$f>) { my @w = split; $new{ key($w[0], $w[2]) } = "" if @w == 9 && $w[8] eq "**REMOVE**" } }
    for my $file (glob "$dir/*") {
      local $/; open(my $f, "<", $file) or exit 1; my $text = <$f>; $text =~ s/\n*\z/\n/; $new{ key_of($text) } = $text;
    }
    sub stanza {
      my ($name) = @_;
      my $text = $new{$name};
      return "" if $text eq "";
      my $status = $name eq $ours ? "install ok half-configured" : "install ok installed";
      $text =~ s/^(Package:.*\n)/$1Status: $status\n/m;
      $text .= "Config-Version: $old\n" if $name eq $ours && length $old;
      return "$text\n";
    }
    local $/ = "";
    open(my $status, "<", "/var/lib/dpkg/status") or exit 1;
    while (my $text = <$status>) {
      my $name = key_of($text);
      if (exists $new{$name}) {
        print stanza($name) unless $done{$name}++;
      } else { $text =~ s/\n*\z/\n\n/; print $text }
    }
    print stanza($_) for grep { !$done{$_} } sort keys %new;
  ' "$belay_package" "$old_version" "$tx/new-control" "$(dpkg --print-architecture)" "$tx/run" >"$tx/projected" || { reason='cannot project the state after the run'; return 1; }
}

# 0: apt would put exactly the set back, and remove nothing but what this run newly installs.
simulate_return() {
  local line name removed='' unexpected='' arch version mark selection
  project_status || return 1
  set --
  while IFS= read -r line; do set -- "$@" "$line"; done <<LIST
$(return_arguments)
LIST
  if ! return_apt -o Dir::State::status="$tx/projected" -o Debug::NoLocking=1 -s --reinstall install "$@" >"$tx/simulation" 2>&1; then
    reason="apt would refuse the return: $(sed -n 's/^ *\(.*Depends: .*\)/\1/p; s/^E: //p' "$tx/simulation" | head -n 2 | tr '\n' ' ')"
    return 1
  fi
  while read -r line name removed; do
    [ "$line" = Remv ] || continue
    grep -qxF "$name" "$tx/remove" 2>/dev/null || unexpected="$unexpected $name" # no list: nothing may be removed
  done <"$tx/simulation"
  if [ -n "$unexpected" ]; then
    reason="the return would remove$unexpected"
    return 1
  fi
  while read -r name arch version mark selection; do
    if ! sed -n 's/^Inst \([^ ]*\) .*(\([^ ]*\) .*/\1 \2/p' "$tx/simulation" | grep -qxF -e "$name $version" -e "$name:$arch $version"; then
      reason="apt would not install $name $version again"
      return 1
    fi
  done <<LIST
$(return_members)
LIST
  rm -rf "$tx/projected" "$tx/new-control"
}
