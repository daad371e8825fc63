# A smoke check that asks over HTTP. Reads the check's variables.

probe_http() {
  case "$url" in
    https://*)
      if ! command -v curl >/dev/null; then
        probe_message='https needs curl, which is not installed'
        return 69
      fi
      ;;
  esac
  probe_with_perl "$http_probe" "$url" "$status" "$body" "$timeout"
}

# probe_with_perl PROGRAM ARGUMENT...: the last argument is the limit in milliseconds, and no probe outlasts it
probe_with_perl() {
  local limit code=0
  for limit; do :; done
  probe_message="$(env -i PATH="$PATH" LC_ALL=C.UTF-8 \
    timeout -k 1 "$((limit / 1000)).$(printf '%03d' "$((limit % 1000))")" \
    perl -e "$@" 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-)" || code=$?
  # curl explains at length; its first line says it
  probe_message="$(printf '%s\n' "$probe_message" | head -n 1)"
  case "$code" in
    0 | 1 | 69) ;;
    124 | 137) probe_message="no answer within $(duration "$limit")" code=1 ;;
    *) code=69 ;;
  esac
  return "$code"
}

# shellcheck disable=SC2016
http_probe='
use strict; use Socket; use IO::Socket::IP;
my ($url, $statuses, $pattern, $limit) = @ARGV;
sub fail { print $_[0]; exit 1 }
$SIG{PIPE} = "IGNORE";
my ($scheme, $authority, $target) = $url =~ m{^(https?)://([^/?\#]+)([^\#]*)} or fail("not an http address: $url");
$authority =~ s/^.*@//;
my ($host, $port) = $authority =~ /^(\[[^\]]+\]|[^:]+)(?::(\d+))?$/ or fail("not a host and port: $authority");
$target = "/$target" unless $target =~ m{^/};
my $stream;
if ($scheme eq "https") {
  open STDERR, ">&", \*STDOUT;
  open $stream, "-|", "curl", "-q", "-sS", "-i", "--raw", "--http1.1", "--globoff", "--noproxy", "*",
    "--proto", "=https", "--max-time", $limit / 1000, "-A", "belay", "--", $url or fail("curl: $!");
} else {
  (my $peer = $host) =~ tr/[]//d;
  $stream = IO::Socket::IP->new(PeerHost => $peer, PeerPort => $port || 80, Type => SOCK_STREAM)
    or do { my $why = $@ || $!; $why =~ s/^IO::Socket::IP: //; fail("no connection to $authority: $why") };
  print $stream "GET $target HTTP/1.1\r\nHost: $authority\r\nUser-Agent: belay\r\nAccept: */*\r\nConnection: close\r\n\r\n";
  $stream->flush;
}
binmode $stream;
my ($code, %header);
do {
  my $line = <$stream>;
  if (!defined $line) { close $stream; exit 1 if $scheme eq "https" && $?; fail("the connection was closed without an answer") }
  ($code) = $line =~ m{^HTTP/\d(?:\.\d)?\s+(\d{3})\b} or fail($scheme eq "https" ? $line : "the answer is not HTTP");
  %header = ();
  my $size = 0;
  while (defined($line = <$stream>) && $line =~ /\S/) {
    fail("the header is too large") if ($size += length $line) > 65536;
    $header{lc $1} = $2 if $line =~ /^([^:\s]+):\s*(.*?)\s*$/;
  }
} while $code =~ /^1/ && $code != 101;
my @expected = split /\n/, $statuses;
fail("HTTP $code, expected " . join(" or ", @expected)) if @expected && !grep { $_ == $code } @expected;
exit 0 if $pattern eq "";
my ($text, $most) = ("", 1 << 20);
sub take {
  my ($count) = @_;
  while ($count > 0 && length $text < $most) {
    my $got = read $stream, $text, ($count < 65536 ? $count : 65536), length $text;
    fail("the answer broke off") unless defined $got;
    return 0 if $got == 0;
    $count -= $got;
  }
  return 1;
}
if (lc($header{"transfer-encoding"} || "") =~ /chunked/) {
  while (length $text < $most) {
    my $line = <$stream>;
    fail("the answer broke off") unless defined $line && $line =~ /^\s*([0-9a-fA-F]{1,8})/;
    my $count = hex $1 or last;
    take($count) or fail("the answer broke off");
    <$stream>;
  }
} elsif (defined $header{"content-length"}) {
  $header{"content-length"} =~ /^\d+$/ or fail("the answer has no valid length");
  take($header{"content-length"}) or fail("the answer broke off");
} else { take($most) }
utf8::decode($text) && utf8::decode($pattern);
my $matched = eval { $text =~ /$pattern/ };
if (my $why = $@) { $why =~ s/ at -e line .*//s; print "the pattern cannot be used: $why"; exit 69 }
fail("HTTP $code, the body does not match \"$ARGV[2]\"") unless $matched;
'
