# The watcher of one command: a shell can neither bound what a command prints nor outlast a child that keeps the pipe.
# Arguments: stderr|both USER TIMEOUT_MS COMMAND OUTPUT ENV_FILE VARIABLE=VALUE...; reports on descriptor 3.
# shellcheck disable=SC2016
watcher='
use strict;
my ($capture, $user, $limit, $command, $output, $env_file, @variables) = @ARGV;

sub close_above {
  my ($last) = @_;
  opendir my $directory, "/proc/self/fd" or return;
  my @open = grep { /^\d+$/ && $_ > $last && $_ != fileno $directory } readdir $directory;
  closedir $directory;
  for (@open) { open my $handle, "<&=", $_ or next; close $handle }
}
close_above(3);
open my $report, ">&=", 3 or exit 125;
# The room for what the command says is taken before it can fill the disk.
my $file;
if (open $file, "+>", $output) { syswrite $file, "\0" x 10240 }
select((select($report), $| = 1)[0]);

sub finish { my ($code, $text) = @_;
  $text =~ s/\e\[[0-9;?]*[ -\/]*[@-~]//g;
  $text =~ s/\xc2[\x80-\x9f]//g;
  $text =~ tr/\x00-\x08\x0b-\x1f\x7f//d;
  if ($file) { sysseek $file, 0, 0; truncate $file, syswrite($file, $text) || 0; close $file }
  print $report "exit $code\n";
  exit 0;
}
sub refuse { finish(125, "$_[0]\n") }
sub now { open my $file, "<", "/proc/uptime" or return time; return (split " ", <$file>)[0] }

my %environment = (PATH => "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", HOME => "/root",
  LC_ALL => "C.UTF-8");
if ($env_file ne "") {
  open my $file, "<", $env_file or refuse("cannot read \"$env_file\": $!");
  my ($mode, $owner) = (stat $file)[2, 4];
  refuse("\"$env_file\" must be a file of root that nobody else can read or write")
    unless -f $file && $owner == 0 && !($mode & 077);
  while (<$file>) {
    s/\r?\n\z//;
    next if /^\s*(#|$)/;
    /^([A-Za-z_][A-Za-z0-9_]*)=(.*)/s or refuse("\"$env_file\" line $. is not KEY=VALUE");
    $environment{$1} = $2;
  }
}
my @command = ("bash", "-eu", "-o", "pipefail", "-c", $command);
if ($user ne "" && $user ne "root") {
  my ($uid, $gid, $home) = (getpwnam $user)[2, 3, 7];
  refuse("there is no user \"$user\"") unless defined $uid;
  $environment{HOME} = $home;
  unshift @command, "setpriv", "--reuid=$uid", "--regid=$gid", "--init-groups";
}
for (@variables) { /^([^=]+)=(.*)/s and $environment{$1} = $2 }

pipe my $reader, my $writer or refuse("pipe: $!");
my $pid = fork;
defined $pid or refuse("fork: $!");
if (!$pid) {
  $SIG{$_} = "DEFAULT" for qw(HUP INT QUIT TERM PIPE USR1 CHLD);
  open STDOUT, ">&", $writer if $capture eq "both";
  open STDERR, ">&", $writer;
  close_above(2);
  umask 022;
  chdir "/";
  %ENV = %environment;
  exec "setsid", @command;
  exit 127;
}
close $writer;
open STDOUT, ">", "/dev/null";
open STDIN, "<", "/dev/null";

my ($kept, $began, $open, $status, $expired, $kill_at) = ("", now(), 1);
my $next_report = $began + 30;
my $end = $began + $limit / 1000;
sub stop { kill $_[0], -$pid, $pid }
for my $signal (qw(HUP INT TERM USR1)) {
  next if $signal ne "USR1" && ($SIG{$signal} || "") eq "IGNORE";
  $SIG{$signal} = sub { stop("TERM"); select undef, undef, undef, 1; stop("KILL"); exit 1 };
}
$SIG{CHLD} = sub { };
sub drain {
  my ($wait) = @_;
  my $ready = "";
  vec($ready, fileno $reader, 1) = 1 if $open;
  return 0 unless select($ready, undef, undef, $wait) > 0;
  my $count = sysread $reader, my $chunk, 65536;
  return 0 unless defined $count;
  $open = 0 if $count == 0;
  $kept = substr $kept . $chunk, -10240 if $count;
  return $count;
}
while (1) {
  if (waitpid($pid, 1) == $pid) { $status = $?; last }
  my $now = now();
  if (!$expired && $now >= $end) { $expired = 1; $kill_at = $now + 5; stop("TERM") }
  stop("KILL") if $expired && $now >= $kill_at;
  if ($now >= $next_report) { printf $report "running %d\n", ($now - $began) * 1000; $next_report += 30 }
  drain($open ? 0.1 : 0.02);
}
stop("KILL") if $expired;
for (1 .. 64) { last unless $open && drain(0) }
finish($expired ? 124 : $status & 127 ? 128 + ($status & 127) : $status >> 8, $kept);
'
