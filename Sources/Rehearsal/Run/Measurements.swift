import Foundation

/// Times and sizes of one run, read from the prober's log and the transaction's journal.
struct Measurements: Sendable {
  var timeline: [Moment] = []
  var serving: [Span] = []
  /// The longest time without an answer, milliseconds; nil: nobody asked.
  var downtime: Int?
  var timeToReturn: Int?
  var snapshotSize: Int?
  var snapshotTime: Int?
  var log = ""

  init() {}

  init(_ host: ThrowAwayHost, package: String) {
    guard let began = host.text(of: "/run/rehearsal/began").flatMap({ Double($0.trimmingCharacters(in: .newlines)) })
    else { return }
    if let log = host.text(of: "/run/rehearsal/prober.log") { readProber(log, began) }
    let directory = "/var/lib/belay/\(package)/transactions"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: host.root + directory)) ?? []
    guard let last = names.max(), let journal = host.text(of: "\(directory)/\(last)/journal") else { return }
    readJournal(journal, began)
    log = host.text(of: "\(directory)/\(last)/log") ?? ""
    readLog(log)
  }

  /// Lines of a time and `ok`, `missed` or, last, `end`; the prober writes one when the answer changes.
  mutating func readProber(_ log: String, _ began: Double) {
    var answersSince: Int?
    var downSince: Int?
    for line in log.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count == 2, let time = Double(words[0]) else { continue }
      let at = Int(((time - began) * 1_000).rounded())
      if let start = downSince { downtime = max(downtime ?? 0, at - start) }
      if let start = answersSince, at > start { serving.append(Span(from: start, to: at)) }
      // Only what answered once can be down.
      downSince = words[1] == "missed" && !serving.isEmpty ? at : nil
      answersSince = words[1] == "ok" ? at : nil
      if words[1] == "end", !serving.isEmpty { downtime = downtime ?? 0 }
    }
  }

  private mutating func readJournal(_ journal: String, _ began: Double) {
    let format = ISO8601DateFormatter()
    format.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
    var offset: Double?
    var failed: Double?
    var served: Double?
    for line in journal.split(separator: "\n") {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard fields.count >= 4, let time = format.date(from: fields[0])?.timeIntervalSince1970 else { continue }
      switch (fields[1], fields[2]) {
      case ("state", let state): timeline.append(Moment(at: Int((time - began) * 1_000), state: state))
      // Milliseconds since boot; the line was written at the same moment.
      case ("fact", "started"): offset = Double(fields[3]).map { time - $0 / 1_000 }
      case ("fact", "failed") where failed == nil: failed = time
      case ("fact", "served_at"): served = Double(fields[3]).flatMap { at in offset.map { $0 + at / 1_000 } }
      default: break
      }
    }
    if timeline.last?.state == "returned", let failed, let served, served > failed {
      timeToReturn = Int((served - failed) * 1_000)
    }
  }

  /// `first copy 212M in 1.9 s, verified`, as the program says it to people.
  private mutating func readLog(_ log: String) {
    guard let match = log.firstMatch(of: /first copy ([0-9.]+)([KMG]?) in ([0-9.]+) s/),
      let size = Double(match.1), let time = Double(match.3)
    else { return }
    let unit: Double = match.2 == "K" ? 1_024 : match.2 == "M" ? 1_048_576 : match.2 == "G" ? 1_073_741_824 : 1
    snapshotSize = Int(size * unit)
    snapshotTime = Int(time * 1_000)
  }
}
