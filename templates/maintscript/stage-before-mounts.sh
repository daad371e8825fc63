# Lays the new version's files over the host's, in the mount namespace that this shell is in. perl: a shell cannot walk thousands of
# files in the time of one hook.

lay_new_files() {
  perl -e "$layers" "$tx" "$state" "$belay_package" "$old_version"
}

# Arguments: TRANSACTION STATE PACKAGE OLD. An overlay needs no target for a new file, hides what the new version no longer has, and
# is read-only as a whole: nothing that a check does in these directories can reach the host. Where the kernel has none (a container,
# too many layers), files are bound one over the other, which serves a release without new names.
# shellcheck disable=SC2016
layers='
use strict;
use Cwd ();
my ($tx, $state, $package, $old) = @ARGV;
chdir "$tx/before" or fail("cannot enter $tx/before: $!");
my $root = "root";

sub fail { print STDERR "$_[0]\n"; exit 1 }
sub names { opendir my $d, $_[0] or fail("cannot read $_[0]: $!"); return sort grep { $_ ne "." && $_ ne ".." } readdir $d }
sub exists_at { return lstat $_[0] ? 1 : 0 }
sub is_directory { return -d $_[0] && !-l $_[0] }
sub above { my ($path) = $_[0] =~ m{^(.*)/}; return $path }
sub same_as_host { my ($copy, $path) = @_;
  my @is = stat $path or return;
  chown $is[4], $is[5], $copy;
  chmod $is[2] & 07777, $copy;
}
sub make { my ($base, $path) = @_;
  my $at = "";
  for (grep { length } split m{/}, $path) {
    $at .= "/$_";
    next if -d "$base$at";
    mkdir "$base$at", 0755 or fail("cannot make $base$at: $!");
    same_as_host("$base$at", $at);
  }
}
sub run { return system(@_) == 0 }

# What another package or the administrator diverted goes where they said.
if (open my $file, "<", "/var/lib/dpkg/diversions") {
  chomp(my @lines = <$file>);
  while (my ($from, $to, $by) = splice @lines, 0, 3) {
    next if $by eq $package || !exists_at("$root$from");
    make($root, above($to));
    rename "$root$from", "$root$to" or fail("cannot move $from: $!");
  }
}

# dpkg follows the links to directories that a host has (/lib is usr/lib), and leaves a directory where the new version has a link.
sub merge { my ($from, $to) = @_;
  for (names($from)) {
    if (is_directory("$from/$_") && is_directory("$to/$_")) { merge("$from/$_", "$to/$_") }
    else { rename "$from/$_", "$to/$_" or fail("cannot move $from/$_: $!") }
  }
  rmdir $from;
}
sub straighten { my ($at) = @_;
  for (names("$root$at")) {
    my $path = "$at/$_";
    if (-l "$root$path") { unlink "$root$path" if is_directory($path) }
    next unless is_directory("$root$path");
    if (-l $path && -d $path) {
      my $real = Cwd::abs_path($path);
      make($root, $real);
      merge("$root$path", "$root$real");
      return 1;
    }
    return 1 if straighten($path);
  }
  return 0;
}
1 while straighten("");

sub lines { open my $file, "<", $_[0] or return; chomp(my @lines = <$file>); return @lines }
sub real { my $above = Cwd::abs_path(above($_[0]) || "/"); return undef unless defined $above; $above = "" if $above eq "/"; $_[0] =~ m{([^/]*)$}; return "$above/$1" }

# What the new version no longer has, as dpkg will remove it; conffiles stay.
my %conffile = map { $_ => 1 } lines("conffiles");
for (lines("ours")) { $conffile{$1} = 1 if m{^ (/.*) [0-9a-z]+( obsolete)?$} }
my %gone;
if (length $old && open my $list, "-|", "dpkg-query", "-L", $package) {
  while (my $path = <$list>) {
    chomp $path;
    # "diverted by …" is no path; a link to a directory (/lib) is listed as what the package has there, a directory.
    next if $path !~ m{^/} || -d $path || $conffile{$path};
    $path = real($path);
    next if !defined $path || !exists_at($path) || exists_at("$root$path");
    $gone{$path} = 1;
  }
}
for (lines("gone")) { my $path = real($_); $gone{$path} = 1 if defined $path && exists_at($path) }

# Where something has to be laid over: all of /usr and /etc at once, elsewhere (live data) no more than the directories themselves.
my %top;
sub lay { my ($at) = @_; $top{ $at =~ m{^(/usr|/etc)(?:/|$)} ? $1 : $at } = 1 }
sub holds_file { for (names($_[0])) { return 1 if !is_directory("$_[0]/$_") || holds_file("$_[0]/$_") } return 0 }
sub look { my ($at) = @_;
  for (names("$root$at")) {
    my $path = "$at/$_";
    if (!is_directory("$root$path")) { lay($at) }
    elsif (is_directory($path)) { same_as_host("$root$path", $path); look($path) }
    elsif (holds_file("$root$path")) { lay($at) }
  }
}
look("");
lay(above($_)) for keys %gone;
my @tops = sort keys %top;
@tops = grep { my $one = $_; !grep { $_ ne $one && index("$one/", "$_/") == 0 } @tops } @tops;
for (@tops) {
  fail("files directly in " . ($_ || "/") . " cannot be shown there") if index("$state/", "$_/") == 0;
  fail("a name that mount cannot be told: $_") if /[\\:,"\n]/;
}

# The files that go are hidden by whiteouts, in memory: not every file system of a host can hold one.
if (%gone) {
  mkdir "gone-root", 0700;
  if (run("mount", "-n", "-t", "tmpfs", "-o", "mode=0755", "belay", "gone-root")) {
    for (sort keys %gone) { make("gone-root", above($_)); run("mknod", "gone-root$_", "c", 0, 0) or print "belay: $_ is still seen\n" }
  }
}

# Mounts below would be hidden: they are taken aside, and put back on top.
sub mounts_below { my ($top) = @_;
  my @found;
  for (lines("/proc/self/mountinfo")) {
    my $place = (split / /)[4];
    $place =~ s/\\([0-7]{3})/chr oct $1/ge;
    push @found, $place if index($place, "$top/") == 0 && !grep { index("$place/", "$_/") == 0 } @found;
  }
  return @found;
}
my $kept = 0;
sub overlay { my ($top) = @_;
  my @aside;
  for my $place (mounts_below($top)) {
    my $there = "kept-" . ++$kept;
    if (-d $place) { mkdir $there, 0700 } else { open my $file, ">", $there }
    run("mount", "-n", "--rbind", $place, $there) or fail("cannot keep the mount $place");
    push @aside, [$there, $place];
  }
  my $layers = join ":", (grep { -d } "$root$top", "gone-root$top"), $top;
  run("mount", "-n", "-t", "overlay", "-o", "ro,lowerdir=$layers", "belay", $top) or return 0;
  for (@aside) { run("mount", "-n", "--rbind", @$_) or fail("cannot put the mount $_->[1] back") }
  return 1;
}
sub bind_over { my ($at) = @_;
  for (-d "$root$at" ? names("$root$at") : ()) {
    my ($path, $new) = ("$at/$_", "$root$at/$_");
    if (is_directory($new)) {
      if (is_directory($path)) { bind_over($path) } elsif (holds_file($new)) { fail("without overlayfs a new directory cannot be shown: $path") }
    } elsif (-l $new) {
      fail("without overlayfs a link cannot be shown: $path") unless -l $path && readlink($path) eq readlink($new);
    } else {
      fail("without overlayfs a new name cannot be shown: $path") unless -f $path && !-l $path;
      next if run("cmp", "-s", $new, $path);
      # Bound again with no other option: what /var forbids (noexec, nosuid) is not inherited.
      run("mount", "-n", "--bind", $new, $path) && run("mount", "-n", "-o", "remount,bind,ro", $path) or fail("cannot bind $path");
    }
  }
}
for my $top (@tops) {
  next if overlay($top);
  print "belay: no overlay over $top: files are bound one by one\n";
  for (grep { index($_, "$top/") == 0 } sort keys %gone) { print "belay: $_ is still seen\n" }
  bind_over($top);
}
'
