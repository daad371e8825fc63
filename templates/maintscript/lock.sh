# Our own lock (descriptor 9) and who holds dpkg's.

# take_lock SECONDS
take_lock() {
  # Not by exec alone: what a special builtin (":" too) cannot open ends a POSIX shell.
  true >>"$state/lock" || { reason="cannot open $state/lock"; return 1; }
  exec 9>"$state/lock"
  flock -w "$1" 9 || { reason="another belay process works on $belay_package"; return 1; }
}

drop_lock() {
  exec 9>&-
}

# Prints the process that holds dpkg's lock FILE: a number, 0 when nobody does, "?" when it cannot be seen from here.
# fcntl(2) F_GETLK asks without taking; struct flock differs with the word size.
lock_owner() {
  perl -e '
    use Fcntl; use Config;
    open(my $f, "+<", $ARGV[0]) or do { print "0\n"; exit };
    my $pack = $Config{ptrsize} == 8 || $Config{archname} =~ /arm|mips|powerpc/ ? "s s x4 q q l x4" : "s s q q l";
    my $lock = pack($pack, F_WRLCK, 0, 0, 0, 0);
    fcntl($f, F_GETLK, $lock) or do { print "?\n"; exit };
    my ($type, undef, undef, undef, $pid) = unpack($pack, $lock);
    print $type == F_UNLCK ? "0\n" : $pid > 0 ? "$pid\n" : "?\n";
  ' "$1"
}

# parent_of PID: prints the number of its parent; nothing when it is gone.
parent_of() {
  local line=''
  read -r line <"/proc/${1:-none}/stat" || return 0
  line=${line##*) }
  line=${line#* }
  printf '%s' "${line%% *}"
} 2>/dev/null

# is_ancestor PID: of this process.
is_ancestor() {
  local pid=$$
  while [ "$pid" -gt 1 ] 2>/dev/null; do # a process that ended meanwhile leaves it empty
    [ "$pid" != "$1" ] || return 0
    pid=$(parent_of "$pid")
  done
  return 1
}

# How this process may call apt and dpkg now: sets apt_lock (options) and dpkg_frontend (environment); 1: a stranger works.
lock_manner() {
  local owner
  owner=$(lock_owner /var/lib/dpkg/lock-frontend) || owner='?'
  dpkg_frontend=''
  case $owner in
  0) apt_lock='-oDPkg::Lock::Timeout=0' ;;
  '?') reason="somebody else holds dpkg's lock"; return 1 ;;
  *)
    if is_ancestor "$owner"; then
      apt_lock='-oDebug::NoLocking=1'
      dpkg_frontend='DPKG_FRONTEND_LOCKED=true'
    else
      lock_holder=$owner
      reason="process $owner holds dpkg's lock"
      return 1
    fi
    ;;
  esac
}

# wait_for_dpkg [interim]: waits, holding no lock of ours, until nobody holds dpkg's locks; one process, no forks. Ends early when
# nothing is open; with "interim" also (3) when an attempt failed and the hook of its run will not come soon: half a second ago, or
# at once where more than twenty packages of the run wait to be configured.
wait_for_dpkg() {
  perl -e '
    use Fcntl; use Config;
    my ($interim, $open, @files) = @ARGV;
    my $pack = $Config{ptrsize} == 8 || $Config{archname} =~ /arm|mips|powerpc/ ? "s s x4 q q l x4" : "s s q q l";
    sub held {
      open(my $f, "+<", $_[0]) or return 0;
      my $lock = pack($pack, F_WRLCK, 0, 0, 0, 0);
      fcntl($f, F_GETLK, $lock) or return 1;
      my ($type) = unpack($pack, $lock);
      return $type != F_UNLCK;
    }
    # As interim_is_due, which has the last word.
    sub failed {
      open(my $f, "<", "$open/journal") or return 0;
      my ($state, %fact, %done) = ("");
      while (<$f>) {
        my (undef, $kind, $name, $value) = /^([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)\t\.$/ or next;
        if ($kind eq "state") { $state = $name } elsif ($kind eq "fact") { $fact{$name} = $value } else { $done{$name} = 1 }
      }
      return 0 if length(($fact{interim_not} // "") . ($fact{interim_served} // ""));
      return $done{"interim-begun"} if $state eq "returning";
      return 0 unless $state =~ /^(?:saved|updating|checking)$/ || $state eq "unpacked" && $done{"configure-begun"};
      return 1 if length($fact{failed} // "");
      return 0 if $state eq "checking" && length($fact{set_awaited} // "") && !$done{"set-begun"};
      my ($pid, $start) = split / /, $fact{worker} // "" or return 0;
      open(my $stat, "<", "/proc/$pid/stat") or return 1;
      my $line = <$stat> // "";
      $line =~ s/.*\) //;
      return ((split / /, $line)[19] // "") ne $start;
    }
    sub long {
      open(my $run, "<", "$open/run") or return 0;
      my @names = map { my @w = split; @w == 9 && $w[8] =~ m{^/} ? $w[0] : () } <$run>;
      return 0 if @names <= 20;
      open(my $dpkg, "-|", "dpkg-query", "-W", "-f", "\${db:Status-Abbrev}\n", @names) or return 0;
      return grep({ /^.[UFH]/ } <$dpkg>) > 20;
    }
    my ($parent, $failed, $long) = (getppid, 0, undef);
    while (1) {
      exit 1 if getppid != $parent; # whoever waited is gone
      last if !-l $open;
      last if !grep { held($_) } @files;
      if (length $interim) {
        $failed = failed() ? $failed + 1 : 0;
        exit 3 if $failed >= 5 || $failed && ($long //= long());
      }
      select(undef, undef, undef, 0.1);
    }
  ' "${1-}" "$state/open" /var/lib/dpkg/lock-frontend /var/lib/dpkg/lock 9>&-
}
