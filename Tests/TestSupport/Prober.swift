import Foundation

/// Asks a service in the host for its answer again and again, and writes down every one.
public struct Prober: Sendable {
  /// One question and what came of it.
  public struct Answer: Sendable {
    /// When it was asked, in seconds since the epoch.
    public var asked: Double
    /// When the answer, or its absence, was certain.
    public var known: Double
    /// nil: it did not come, or was no 200.
    public var text: String?
  }

  let host: Host
  let log: String

  /// Everything asked so far.
  public func answers() async throws -> [Answer] {
    try await host.read(log).split(separator: "\n").compactMap { line in
      let fields = line.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
      guard fields.count == 4, let asked = Double(fields[0]), let known = Double(fields[1]) else { return nil }
      return Answer(asked: asked, known: known, text: fields[2] == "ok" ? String(fields[3]) : nil)
    }
  }

  /// Ends it.
  public func stop() async throws -> [Answer] {
    try await host.succeed(#"kill "$(cat "$log.pid")""#, environment: ["log": log])
    return try await answers()
  }
}

extension Sequence where Element == Prober.Answer {
  /// The questions that got no answer.
  public var missed: [Prober.Answer] { filter { $0.text == nil } }

  /// The longest time between two good answers with at least one missed between them; zero when none was missed.
  public var longestOutage: Duration {
    var longest = 0.0
    var since: Double?
    var last: Double?
    for answer in self {
      if answer.text == nil {
        since = since ?? last ?? answer.asked
      } else if let start = since {
        longest = Swift.max(longest, answer.known - start)
        since = nil
      }
      last = answer.known
    }
    if let start = since, let end = last { longest = Swift.max(longest, end - start) }
    return .seconds(longest)
  }

  /// The different answers in the order in which they first came.
  public var versions: [String] {
    var seen: [String] = []
    for text in compactMap(\.text) where !seen.contains(text) { seen.append(text) }
    return seen
  }
}

extension Host {
  /// Starts asking every 20 ms until `stop`; it ends with the host.
  public func startProber(port: Int = 8080, path: String = "/version") async throws -> Prober {
    let log = "/run/prober-\(UUID().uuidString)"
    try await succeed(
      #"""
      setsid perl -e "$program" "$log" "$port" "$path" < /dev/null > "$log.err" 2>&1 &
      until [ -s "$log" ]; do sleep 0.01; done
      """#, environment: ["program": Self.probe, "log": log, "port": "\(port)", "path": path])
    return Prober(host: self, log: log)
  }

  private static let probe = #"""
    use strict; use warnings; use IO::Handle; use IO::Socket::INET; use Time::HiRes qw(time sleep);
    my ($log, $port, $path) = @ARGV;
    open my $pid, '>', "$log.pid" or die; print $pid $$; close $pid;
    open my $out, '>', $log or die;
    $out->autoflush(1);
    $SIG{PIPE} = 'IGNORE';
    while (1) {
      my $asked = time;
      my ($outcome, $text) = ('missed', 'no connection');
      my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port, Timeout => 2);
      if ($socket) {
        my $answer = '';
        eval {
          local $SIG{ALRM} = sub { die "timeout\n" };
          alarm 2;
          print $socket "GET $path HTTP/1.0\r\n\r\n";
          local $/;
          $answer = <$socket> // '';
          alarm 0;
        };
        if ($answer =~ m{^HTTP/1\.\d 200 .*?\r\n\r\n(.*)}s) { ($outcome, $text) = ('ok', $1) }
        else { $text = $answer =~ /^([^\r\n]+)/ ? $1 : 'no answer' }
      }
      $text =~ s/\s+$//; $text =~ s/\s+/ /g;
      printf $out "%.6f %.6f %s %s\n", $asked, time, $outcome, $text;
      sleep 0.02;
    }
    """#
}
