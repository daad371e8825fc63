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

# Waits, holding no lock of ours, until nobody holds dpkg's locks; one process, no forks. Ends early when nothing is open.
wait_for_dpkg() {
  perl -e '
    use Fcntl; use Config;
    my ($open, @files) = @ARGV;
    my $pack = $Config{ptrsize} == 8 || $Config{archname} =~ /arm|mips|powerpc/ ? "s s x4 q q l x4" : "s s q q l";
    sub held {
      open(my $f, "+<", $_[0]) or return 0;
      my $lock = pack($pack, F_WRLCK, 0, 0, 0, 0);
      fcntl($f, F_GETLK, $lock) or return 1;
      my ($type) = unpack($pack, $lock);
      return $type != F_UNLCK;
    }
    my $parent = getppid;
    while (1) {
      exit 1 if getppid != $parent; # whoever waited is gone
      last if !-l $open;
      last if !grep { held($_) } @files;
      select(undef, undef, undef, 0.1);
    }
  ' "$state/open" /var/lib/dpkg/lock-frontend /var/lib/dpkg/lock 9>&-
}
