import Testing

@testable import ReleaseDescription

/// The small parts, each by a table.
@Suite struct PieceTests {
  @Test(arguments: [
    ("250ms", 250), ("5s", 5_000), ("2m", 120_000), ("24h", 86_400_000), ("30d", 2_592_000_000), ("0s", 0), ("5", nil),
    ("", nil), ("s", nil), ("-5s", nil), ("+5s", nil), ("1.5s", nil), ("5 s", nil), ("5S", nil), ("٣s", nil),
    ("999999999999d", nil), ("9999999999999s", nil), ("1h30m", nil),
  ]) func durations(_ text: String, _ milliseconds: Int?) { #expect(Quantity.duration(text) == milliseconds) }

  @Test(arguments: [
    ("0", 0), ("4096", 4_096), ("1K", 1_024), ("512M", 512 << 20), ("1G", 1 << 30), ("2T", 2 << 40), ("1k", nil),
    ("1GB", nil), ("-1", nil), ("1.5G", nil), ("", nil), ("G", nil), ("999999999999T", nil),
  ]) func sizes(_ text: String, _ bytes: Int?) { #expect(Quantity.size(text) == bytes) }

  @Test(arguments: [
    ("1970-01-01T00:00:00Z", 0), ("2000-02-29T00:00:00Z", 951_782_400), ("2026-11-23T12:00:00+02:00", 1_795_428_000),
    ("2026-11-23", 1_795_392_000), ("2026-11-23T12:00:00.5Z", 1_795_435_200), ("2026-02-29T00:00:00Z", nil),
    ("1969-12-31T23:59:59Z", nil), ("2026-13-01T00:00:00Z", nil), ("2026-11-23T24:00:00Z", nil), ("now", nil),
  ]) func times(_ text: String, _ seconds: Int?) { #expect(Time.seconds(text) == seconds) }

  @Test(arguments: [
    ("retry", "retries"), ("retires", "retries"), ("intervall", "interval"), ("INTERVAL", "interval"), ("x", nil),
    ("wibble", nil),
  ]) func spellings(_ word: String, _ meant: String?) {
    #expect(Spelling.nearest(to: word, among: ["retries", "interval", "tcp", "run"]) == meant)
  }

  @Test(arguments: [
    ("PGPASSWORD=x", true), ("--password=x", true), ("API_KEY='x'", true), ("a://b:c@d", true),
    ("GITHUB_TOKEN=\"x", true),
    ("PGPASSWORD=$X", false), ("PGPASSWORD=", false), ("PGPASSWORD=\"$(cat f)\"", false), ("PGPASSFILE=x", false),
    ("a://b:$C@d", false), ("a://b@d", false), ("http://a:80/b@c", false), ("token == x", false),
    ("[ $token = x ]", false),
  ]) func secrets(_ text: String, _ isSecret: Bool) { #expect((Secret.first(in: text) != nil) == isSecret) }

  @Test(arguments: [
    ("a b 'c d' \"e f\" g\\ h", [["a", "b", "c d", "e f", "g h"]]),
    ("a | b && c; d\ne # f", [["a"], ["b"], ["c"], ["d"], ["e"]]),
    ("a 2>&1 >&2 &>f", [["a", "2>&1", ">&2", "&>f"]]),
    ("a || true", [["a"]]),
    ("", []),
  ]) func shellWords(_ code: String, _ words: [[String]]) {
    #expect(ShellWords.simpleCommands(in: code).map(\.words) == words)
  }

  @Test func bracesMultiplyWithinBounds() {
    #expect(Glob.braces("a{b,c}d{e,f}") == ["abde", "abdf", "acde", "acdf"])
    #expect(Glob.braces(String(repeating: "{a,b}", count: 40)) == nil)
    #expect(Glob.braces("a{b") == ["a{b"])
  }

  @Test func unitFilesSayWhereTheirServicesWrite() {
    let unit = """
      [Service]
      StateDirectory=shop shop/uploads \\
        more:link
      ReadWritePaths=-/srv/shop /var/log/shop /run/shop %h/x
      CacheDirectory=shop
      """
    #expect(
      UnitFile.writablePaths(in: unit) == ["/var/lib/shop", "/var/lib/shop/uploads", "/var/lib/more", "/srv/shop"])
  }

  @Test(arguments: [
    ("/a//b/./c/", "/a/b/c"), ("/", "/"), ("a", nil), ("/a/../b", nil), ("", nil), ("/..a", "/..a"),
  ]) func paths(_ text: String, _ path: String?) { #expect(text.normalisedPath == path) }
}
