# What this run of dpkg or apt does: the hook is told all of it, bare dpkg's is read from its command line.

# Each line of $tx/run (Pre-Install-Pkgs, protocol 3): name old arch multiarch direction new arch multiarch path.
# read_run: puts the control data of the run's new packages into $tx/new-control/NAME:ARCH, nothing where one is removed.
read_run() {
  local name old arch multiarch direction new new_arch new_multiarch path
  rm -rf "$tx/new-control"
  mkdir "$tx/new-control" || { reason="cannot write $tx"; return 1; }
  [ -f "$tx/run" ] || true >"$tx/run"
  while read -r name old arch multiarch direction new new_arch new_multiarch path; do
    case $path in
    /*) dpkg-deb -f "$path" >"$tx/new-control/$name:$new_arch" 2>>"$tx/log" || { reason="cannot read $path"; return 1; } ;;
    esac
  done <"$tx/run"
  # After the run's: the same file, or the only one that is known.
  [ -z "$new_deb" ] || dpkg-deb -f "$new_deb" >"$tx/new-control/$belay_package:$belay_arch" || { reason="cannot read $new_deb"; return 1; }
}

# The same lines for a run without the hook. What is unpacked already still names the version that was configured.
write_run_of_dpkg() {
  local deb fields name version arch installed
  debs_of_dpkg | while IFS= read -r deb; do
    fields=$(dpkg-deb --showformat '${Package} ${Version} ${Architecture}' -W "$deb" 2>/dev/null) || continue # dpkg says why
    name=${fields%% *} version=${fields% *} version=${version#* } arch=${fields##* }
    installed=$(dpkg-query -W -f '${db:Status-Status} ${Architecture} ${Version} ${Config-Version}' "$name" 2>/dev/null) || installed='' # unknown
    # shellcheck disable=SC2086 # words
    set -- $installed
    case ${1-} in
    '' | not-installed | config-files) set -- - - - - ;;
    installed | triggers-*) set -- "$1" "$2" "$3" "$3" ;; # dpkg-query leaves Config-Version out for these
    *) [ $# = 4 ] || set -- - - - - ;;
    esac
    printf '%s %s %s none < %s %s none %s\n' "$name" "$4" "$2" "$version" "$arch" "$deb"
  done
}

# The .debs that dpkg was told, read from its command line: bare dpkg tells its scripts nothing about them.
debs_of_dpkg() {
  perl -e '
    my ($dpkg) = @ARGV;
    open(my $f, "<", "/proc/$dpkg/cmdline") or exit;
    my @words = split /\0/, do { local $/; <$f> };
    my $cwd = readlink("/proc/$dpkg/cwd");
    print "$cwd\n";
    for (@words) { print "$_\n" if !/^-/ && !/\n/ }
  ' "$PPID" | {
    read -r directory
    while IFS= read -r word; do
      case $word in
      /*) ;;
      *) word="$directory/$word" ;;
      esac
      set -- "$word"
      # apt hands over a directory of links when there are many (--recursive).
      [ ! -d "$word" ] || set -- "$word"/*.deb
      for word in "$@"; do
        case $word in
        *.deb) [ ! -f "$word" ] || realpath "$word" ;;
        esac
      done
    done
  }
}

# Which of them is ours.
unpacked_deb() {
  debs_of_dpkg | while IFS= read -r deb; do
    if [ "$(dpkg-deb --showformat '${Package} ${Version}' -W "$deb" 2>/dev/null)" = "$belay_package $belay_version" ]; then
      printf '%s\n' "$deb"
      break
    fi
  done
}
