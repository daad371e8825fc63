# The return set: what this run changes that cannot live with the old version. The hook knows the run's whole list.

# Each line of $tx/run (Pre-Install-Pkgs, protocol 3): name old arch multiarch direction new arch multiarch path.
# depends_on_new DEB: its Depends or Pre-Depends name our package in a way the old version does not satisfy.
depends_on_new() {
  dpkg-deb --showformat '${Pre-Depends}, ${Depends}' -W "$1" 2>/dev/null |
    perl -e '
      my ($package, $old) = @ARGV;
      my $line = do { local $/; <STDIN> };
      for my $group (split /,/, $line) {
        my @alternatives = split /\|/, $group;
        next unless grep { /^\s*\Q$package\E(?::\S+)?\s*(?:\(|$)/ } @alternatives;
        my $lives = 0;
        for (@alternatives) {
          if (/^\s*\Q$package\E(?::\S+)?\s*$/) { $lives = 1 }
          elsif (/^\s*\Q$package\E(?::\S+)?\s*\(\s*(<<|<=|=|>=|>>)\s*([^\s)]+)/) {
            $lives = 1 if system("dpkg", "--compare-versions", $old, $1, $2) == 0;
          }
        }
        exit 0 if !$lives;
      }
      exit 1' "$belay_package" "$old_version"
}

# Finds the previous .debs of dependents that need the new version; those this run newly installs are removed by a return.
find_return_set() {
  local name old arch multiarch direction new new_arch new_multiarch path
  : >"$tx/remove"
  [ -f "$tx/run" ] || return 0
  while read -r name old arch multiarch direction new new_arch new_multiarch path; do
    case $path in
    /*) ;;
    *) continue ;;
    esac
    [ "$name" != "$belay_package" ] || continue
    depends_on_new "$path" || continue
    if [ "$old" = - ]; then
      printf '%s\n' "$name" >>"$tx/remove"
    else
      find_deb "$name" "$old" "$arch" || {
        reason="$name $new of this run needs $belay_package $new_version, and there is no way back for it: $reason"
        return 1
      }
    fi
  done <"$tx/run"
}
