import Testing

@testable import Rehearsal

@Suite struct ReadingTests {
  @Test(arguments: [
    (0, "0 s"), (7, "7 ms"), (99, "99 ms"), (100, "0.1 s"), (849, "0.8 s"), (850, "0.9 s"), (59_949, "59.9 s"),
    (59_950, "1m 00s"), (124_000, "2m 04s"), (3_599_499, "59m 59s"), (3_600_000, "1h 00m"), (7_260_000, "2h 01m"),
  ])
  func times(_ milliseconds: Int, _ text: String) { #expect(Reading.time(milliseconds) == text) }

  @Test(arguments: [
    (0, "0 bytes"), (999, "999 bytes"), (1000, "1.0 kB"), (9_949, "9.9 kB"), (9_951, "10 kB"), (999_499, "999 kB"),
    (999_500, "1.0 MB"), (212_400_000, "212 MB"), (3_440_000_000, "3.4 GB"), (5_000_000_000_000_000, "5000 TB"),
  ])
  func sizes(_ bytes: Int, _ text: String) { #expect(Reading.size(bytes) == text) }

  @Test(arguments: [
    ("2026-11-25T20:47:37Z", "2026-11-25 20:47 UTC"), ("2026-11-25T20:47:37A", "2026-11-25T20:47:37A"),
    ("2026-11-25T20:47:37+01:00", "2026-11-25T20:47:37+01:00"),
    ("", ""),
  ])
  func moments(_ text: String, _ read: String) { #expect(Reading.moment(text) == read) }
}
