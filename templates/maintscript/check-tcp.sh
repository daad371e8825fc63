# A smoke check that connects to a port. Reads the check's variables.

probe_tcp() {
  probe_with_perl "$tcp_probe" "$tcp" "$timeout"
}

# shellcheck disable=SC2016
tcp_probe='
use strict; use Socket; use IO::Socket::IP;
my ($host, $port) = $ARGV[0] =~ /^(\[[^\]]+\]|[^:]+):(\d+)$/ or do { print "not a host and port: $ARGV[0]"; exit 1 };
$host =~ tr/[]//d;
IO::Socket::IP->new(PeerHost => $host, PeerPort => $port, Type => SOCK_STREAM) and exit 0;
my $why = $@ || $!;
$why =~ s/^IO::Socket::IP: //;
print "no connection to $ARGV[0]: $why";
exit 1;
'
