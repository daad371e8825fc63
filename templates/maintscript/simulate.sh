# The return, simulated by the host's own apt on the state the run would leave: the new version half-configured, the run's
# other packages at their new versions.

# Writes $tx/projected: /var/lib/dpkg/status as after the run.
project_status() {
  local name old arch multiarch direction new new_arch new_multiarch path
  rm -f "$tx"/new-control.*
  if [ -n "$new_deb" ]; then
    dpkg-deb -f "$new_deb" >"$tx/new-control.$belay_package" || { reason="cannot read $new_deb"; return 1; }
  fi
  if [ -f "$tx/run" ]; then
    while read -r name old arch multiarch direction new new_arch new_multiarch path; do
      case $path in
      /*) dpkg-deb -f "$path" >"$tx/new-control.$name" 2>>"$tx/log" || rm -f "$tx/new-control.$name" ;;
      '**REMOVE**') : >"$tx/new-control.$name" ;;
      esac
    done <"$tx/run"
  fi
  perl -e '
    my ($ours, $old, $dir) = @ARGV;
    my %new;
    for my $file (glob "$dir/new-control.*") {
      my ($name) = $file =~ /new-control\.(.*)/s;
      local $/; open(my $f, "<", $file) or next; my $text = <$f>; $text =~ s/\n*\z/\n/; $new{$name} = $text;
    }
    sub stanza {
      my ($name) = @_;
      my $text = $new{$name};
      return "" if $text eq "\n";
      my $status = $name eq $ours ? "install ok half-configured" : "install ok installed";
      $text =~ s/^(Package:.*\n)/$1Status: $status\n/m;
      $text .= "Config-Version: $old\n" if $name eq $ours && length $old;
      return "$text\n";
    }
    local $/ = "";
    open(my $status, "<", "/var/lib/dpkg/status") or exit 1;
    my %done;
    while (my $text = <$status>) {
      my ($name) = $text =~ /^Package: (\S+)/m;
      if (defined $name && exists $new{$name}) {
        print stanza($name) unless $done{$name}++;
      } else { $text =~ s/\n*\z/\n\n/; print $text }
    }
    print stanza($_) for grep { !$done{$_} } sort keys %new;
  ' "$belay_package" "$old_version" "$tx" >"$tx/projected" || { reason='cannot project the state after the run'; return 1; }
  rm -f "$tx"/new-control.*
}

# 0: apt would put exactly the set back, and remove nothing but what this run newly installs.
simulate_return() {
  local line name removed='' unexpected=''
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
  if ! grep -q "^Inst $belay_package .*($old_version " "$tx/simulation"; then
    reason="apt would not install $belay_package $old_version again"
    return 1
  fi
  rm -f "$tx/projected"
}
