import TestSupport
import Testing

/// One row: what is done to `shop`, belay's or foreign, every call that dpkg makes of its scripts, and where it ends.
struct ShopCase: Sendable, CustomTestStringConvertible {
  let name: String
  /// false: no archive has its versions, what is kept and what is installed are the only ways back.
  var isPublished = true
  /// Done first, must succeed; `i shop 1.0` = `dpkg -i` of that package.
  var before: [String] = []
  /// Calls of foreign versions that fail, as `version script argument` or `package/version script argument`.
  var failing: [String] = []
  let action: String
  var succeeds = true
  /// dpkg's calls, for instance `new preinst upgrade 1.0 2.0`; `old` = the script that dpkg had on record.
  let calls: [String]
  /// dpkg's record of shop, at once and for good.
  var atOnce: String?
  let status: String
  /// What `/version` answers in the end; nil: nobody does.
  let answers: String?
  /// The state of the last transaction in the end; nil: there is no record of belay's.
  var state: String?
  /// How long users may go without an answer; zero: not one question may be missed; nil: not asked.
  var outage: Duration?

  var testDescription: String { name }

  /// Runs it in a booted host and compares.
  func check(in host: Host) async throws {
    for call in failing where call.hasPrefix("now ") { try await prepareFailure(call.dropFirst(4), in: host) }
    for step in before {
      try await host.succeed(Self.command(step))
      // What is committed the deferred unit still closes: a row that begins before that is another one.
      try await host.until("! grep -qs \"$(printf 'state\\tcommitted')\" /var/lib/belay/shop/open/journal")
    }
    for call in failing where !call.hasPrefix("now ") { try await prepareFailure(call[...], in: host) }
    let prober = outage == nil ? nil : try await host.startProber()
    let result = try await host.run(Self.command(action))
    #expect((result.status == 0) == succeeds, "\(result.stdout)\(result.stderr)")
    let found = Self.calls(in: result.stderr)
    #expect(found == calls)
    if let atOnce {
      let now = try await host.status(of: "shop")
      #expect(now == atOnce)
    }
    try await expectEnd(in: host, after: result)
    if let prober, let outage {
      let answers = try await prober.stop()
      #expect(answers.count > 5)
      #expect(answers.longestOutage <= outage)
      if outage == .zero { #expect(answers.missed.map(\.asked) == []) }
    }
  }

  /// A return by the deferred unit takes a moment: asked until it is so, and then whether it stays so.
  private func expectEnd(in host: Host, after result: CommandResult) async throws {
    let isEnd =
      #"[ "$(dpkg-query -W -f '${Status} ${Version}' shop 2> /dev/null)" = "$status" ] && [ "$(state)" = "$state" ]"#
    let environment =
      "status='\(status == "not-installed" ? "" : status)' state='\(state ?? "")'; " + Self.stateFunction
    _ = try? await host.until(environment + "; " + isEnd, within: .seconds(15))
    let finally = try await host.status(of: "shop")
    #expect(finally == status, "\(result.stdout)\(result.stderr)")
    let finalState = try await host.run(Self.stateFunction + "; state").stdout
    #expect(finalState == state ?? "", "\(result.stdout)\(result.stderr)")
    let answer = try await host.run(Self.ask).stdout
    #expect(answer == answers ?? "", "\(result.stdout)\(result.stderr)")
  }

  /// The state of the last transaction, without a newline.
  static let stateFunction =
    "state() { if [ -e /var/lib/belay/shop/belay ]; then"
    + " sh /var/lib/belay/shop/belay status --json | perl -ne 'print $1 if /\"state\": *\"([a-z]*)\"/'; fi; }"

  /// Prints what `/version` answers; nothing when it does not.
  static let ask = #"""
    perl -MIO::Socket::INET -e '
      my $socket = IO::Socket::INET->new(PeerAddr => "127.0.0.1", PeerPort => 8080, Timeout => 2) or exit;
      print $socket "GET /version HTTP/1.0\r\n\r\n";
      local $/;
      print $1 if <$socket> =~ /^HTTP\/1.. 200 .*?\r\n\r\n(\S*)/s;
    '
    """#

  /// dpkg's debugging lines, `D000002: fork/exec /var/lib/dpkg/tmp.ci/preinst ( upgrade 1.0 2.0 )`, in short.
  private static func calls(in text: String) -> [String] {
    text.split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ").map(String.init)
      guard words.count > 4, words[1] == "fork/exec" else { return nil }
      guard let file = words[2].split(separator: "/").last else { return nil }
      let isNew = words[2].hasSuffix("/tmp.ci/\(file)")
      if !isNew && !file.hasPrefix("shop.") { return nil }
      let script = file.split(separator: ".").last.map(String.init) ?? ""
      return ([isNew ? "new" : "old", script] + words[4...].dropLast()).joined(separator: " ")
    }
  }

  private func prepareFailure(_ call: Substring, in host: Host) async throws {
    let words = call.split(separator: " ").map(String.init)
    let owner = words[0].split(separator: "/").map(String.init)
    try await host.failCall(owner.count > 1 ? owner[0] : "shop", owner.last ?? "", words[1], words[2])
  }

  private static func command(_ short: String) -> String {
    let words = short.split(separator: " ").map(String.init)
    switch words[0] {
    case "i", "unpack": return "dpkg -D2 --auto-deconfigure \(words[0] == "i" ? "-i" : "--unpack") " + debs(words)
    case "try-i": return "! dpkg -i " + debs(words)
    case "apt":
      return "apt-get -o Dpkg::Options::=-D2 -q -y --allow-downgrades install "
        + words.dropFirst().joined(separator: " ")
    default: return short
    }
  }

  private static func debs(_ words: [String]) -> String {
    zip(words.dropFirst(), words.dropFirst(2)).enumerated().filter { $0.offset.isMultiple(of: 2) }
      .map { "/srv/repo/\($0.element.0)_\($0.element.1)_all.deb" }.joined(separator: " ")
  }
}
