import TestSupport
import Testing

@Suite(.needsHost) struct HttpCheckTests {
  /// Answers each path with the bytes of a file, and then closes, or does not.
  private static let server = #"""
    use strict; use Socket; use IO::Socket::IP;
    my $listen = IO::Socket::IP->new(LocalHost => $ARGV[0], LocalPort => $ARGV[1], Listen => 20, ReuseAddr => 1) or die;
    open my $ready, ">", "/root/ready-$ARGV[1]"; close $ready;
    $SIG{CHLD} = "IGNORE"; $SIG{PIPE} = "IGNORE";
    my %answer = (
      "/ok" => "HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n{\"version\":\"1.2\"",
      "/broken" => "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n",
      "/moved" => "HTTP/1.1 302 Found\r\nLocation: /ok\r\nContent-Length: 0\r\n\r\n",
      "/chunked" => "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8;x=y\r\n{\"versio\r\n9\r\nn\":\"1.2\"}\r\n0\r\n\r\n",
      "/old" => "HTTP/1.0 200 OK\n\n{\"version\":\"1.2\"}",
      "/early" => "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
      "/cut" => "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nversion",
      "/text" => "ready\n", "/nothing" => "", "/silent" => "", "/umlaut" => "HTTP/1.1 200 OK\r\n\r\nz\xc3\xbcrich");
    while (my $client = $listen->accept) {
      next if fork;
      my ($request, $headers) = (scalar <$client>, "");
      while (my $line = <$client>) { $headers .= $line; last if $line =~ /^\r?\n$/ }
      my ($path) = $request =~ /^GET (\S+)/;
      sleep 60 if $path eq "/silent";
      if ($path eq "/drip") { for (1 .. 60) { print $client "H"; $client->flush; select undef, undef, undef, 0.2 } }
      if ($path eq "/huge") { print $client "HTTP/1.1 200 OK\r\n\r\n"; print $client "x" x 65536 for 1 .. 2000 }
      if ($path eq "/headers") { print $client "HTTP/1.1 200 OK\r\n"; print $client "X: " . "y" x 1000 . "\r\n" for 1 .. 9999 }
      if ($path eq "/echo") { print $client "HTTP/1.1 200 OK\r\n\r\n$request$headers" } else { print $client $answer{$path} }
      exit 0;
    }
    """#

  private static let probe = #"""
    try() {
      probe_message='' code=0 kind=http timeout="${4:-2000}" url="$1" status="$2" body="$3"
      probe_http || code=$?
      printf '%s\n' "$code $probe_message"
    }
    try_tcp() { probe_message='' code=0 tcp="$1" timeout=1000; probe_tcp || code=$?; printf '%s\n' "$code $probe_message"; }
    http=http://127.0.0.1:8081

    """#

  private func serve(_ pieces: Pieces) async throws {
    try await pieces.host.write("/root/server.pl", Self.server)
    try await pieces.host.succeed(
      "for at in '127.0.0.1 8081' '::1 8082'; do setsid perl /root/server.pl $at </dev/null >/root/server.log 2>&1 & done"
    )
    try await pieces.host.until("[ -e /root/ready-8081 ] && [ -e /root/ready-8082 ]")
  }

  @Test(arguments: Shell.allCases) func answers(_ shell: Shell) async throws {
    try await Pieces.with(shell) { pieces in
      try await serve(pieces)
      let lines = try await pieces.lines(
        Self.probe + #"""
          try "$http/ok" 200 ''
          try "$http/ok" 200 '"version":"1\.2"'
          try "$http/ok" 200 '"version":"1\.3"'
          try "$http/broken" 200 ''
          try "$http/broken" '200
          204' ''
          try "$http/broken" 500 ''
          try "$http/moved" 200 ''
          try "$http/chunked" 200 '^\{"version":"1\.2"\}$'
          try "$http/old" 200 '^\{"version":"1\.2"\}$'
          try "$http/early" 204 ''
          try "$http/cut" 200 'version'
          try "$http/text" 200 ''
          try "$http/nothing" 200 ''
          try "$http/umlaut" 200 '^z.rich$'
          try "http://[::1]:8082/ok" 200 'version'
          try "http://localhost:8082/ok" 200 'version'
          try "$http/echo?a=1#b" 200 'GET /echo\?a=1 HTTP/1\.1'
          try "$http/echo" 200 'Host: 127\.0\.0\.1:8081'
          try "$http" 200 ''
          """#)
      #expect(
        lines == [
          "0 ", "0 ", #"1 HTTP 200, the body does not match ""version":"1\.3"""#, "1 HTTP 500, expected 200",
          "1 HTTP 500, expected 200 or 204", "0 ", "1 HTTP 302, expected 200", "0 ", "0 ", "0 ",
          "1 the answer broke off", "1 the answer is not HTTP", "1 the connection was closed without an answer", "0 ",
          "0 ", "0 ", "1 the connection was closed without an answer", "0 ",
          "1 the connection was closed without an answer",
        ])
    }
  }

  @Test(arguments: Shell.allCases) func nothingTakesLongerThanItsTime(_ shell: Shell) async throws {
    try await Pieces.with(shell, load: .waiting) { pieces in
      try await serve(pieces)
      let lines = try await pieces.lines(
        Self.probe + #"""
          began=$(uptime_ms)
          try "$http/silent" 200 '' 300
          try "$http/drip" 200 '' 300
          try "$http/huge" 200 '^x+$' 20000
          try "$http/headers" 200 '' 20000
          try "$http/huge" 200 '^(x+x+)+y' 400
          try "$http/ok" 200 '(?{ system("touch /root/ran") })'
          try "http://127.0.0.1:1/" 200 ''
          try "http://no-such-host.invalid/" 200 '' 1000 | sed 's/: .*//'
          [ "$(($(uptime_ms) - began))" -lt 20000 ] && echo bounded
          ls /root/ran 2>/dev/null
          """#)
      #expect(
        lines == [
          "1 no answer within 0.3 s", "1 no answer within 0.3 s", "0 ", "1 the header is too large",
          "1 no answer within 0.4 s",
          #"69 the pattern cannot be used: Eval-group not allowed at runtime, use re 'eval' in regex m/(?{ system("touch /root/ran") })/"#,
          "1 no connection to 127.0.0.1:1: Connection refused", "1 no connection to no-such-host.invalid", "bounded",
        ])
    }
  }

  @Test(arguments: Shell.allCases) func ports(_ shell: Shell) async throws {
    try await Pieces.with(shell) { pieces in
      try await serve(pieces)
      let lines = try await pieces.lines(
        Self.probe + #"""
          try_tcp 127.0.0.1:8081
          try_tcp '[::1]:8082'
          try_tcp localhost:8081
          try_tcp 127.0.0.1:1
          try_tcp nonsense
          """#)
      #expect(
        lines == [
          "0 ", "0 ", "0 ", "1 no connection to 127.0.0.1:1: Connection refused", "1 not a host and port: nonsense",
        ])
    }
  }

  @Test func encryptedNeedsCurl() async throws {
    try await Pieces.with { pieces in
      let lines = try await pieces.lines(Self.probe + "try https://127.0.0.1:8081/ 200 ''")
      #expect(lines == ["69 https needs curl, which is not installed"])
    }
  }
}
