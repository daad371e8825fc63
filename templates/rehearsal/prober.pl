# prober.pl LOG: asks the release's own check without a pause, from outside the transaction, and writes a line whenever the
# answer changes: "TIME ok" or "TIME missed", and "TIME end" when it is told to stop; TIME is when the question was asked (missed) or answered (ok). The environment
# says what to ask: probe_address (host:port), and for HTTP probe_target, probe_status (codes), probe_body (a pattern).
use strict;
use warnings;
use IO::Handle;
use IO::Socket::IP;
use Time::HiRes qw(time sleep);

my ($log) = @ARGV;
my ($host, $port) = $ENV{probe_address} =~ /^\[?(.*?)\]?:(\d+)$/ or die "no address\n";
my %status = map { $_ => 1 } split ' ', $ENV{probe_status} // '';
open my $out, '>', $log or die "$log: $!\n";
$out->autoflush(1);
$SIG{PIPE} = 'IGNORE';
$SIG{TERM} = sub { printf $out "%.3f end\n", time; exit 0 };

sub answer {
  my $socket = IO::Socket::IP->new(PeerHost => $host, PeerPort => $port, Timeout => 2) or return 0;
  return 1 if !length($ENV{probe_target} // '');
  my $text = '';
  eval {
    local $SIG{ALRM} = sub { die "timeout\n" };
    alarm 3;
    print $socket "GET $ENV{probe_target} HTTP/1.0\r\nHost: $host:$port\r\nUser-Agent: belay\r\n\r\n";
    local $/;
    $text = <$socket> // '';
    alarm 0;
  };
  alarm 0;
  my ($code, $body) = $text =~ m{^HTTP/\S+ (\d+).*?\r\n\r\n(.*)}s or return 0;
  return 0 if !$status{$code};
  my $pattern = $ENV{probe_body} // '';
  return $pattern eq '' || eval { $body =~ /$pattern/ };
}

my $last = '';
while (1) {
  my $asked = time;
  my $word = answer() ? 'ok' : 'missed';
  if ($word ne $last) {
    printf $out "%.3f %s\n", $word eq 'ok' ? time : $asked, $word;
    $last = $word;
  }
  sleep 0.02;
}
