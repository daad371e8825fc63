import ExternalTools
import Foundation
import Packaging
import ReleaseDescription

/// Rehearses an update on throw-away hosts: once well, and in all the ways in which it can fail.
public struct Rehearsal: Sendable {
  public let options: RehearsalOptions
  private let old: Subject?
  private let new: Subject
  private let catalogue: Catalogue
  private let selected: [Scenario]

  /// Reads both packages and the scenarios; nothing is started yet.
  public init(_ options: RehearsalOptions) async throws(RehearsalError) {
    self.options = options
    new = try Subject(options.new)
    old = if let path = options.old { try Subject(path) } else { nil }
    if let old, old.name != new.name {
      throw .notAPair("'\(old.name)' and '\(new.name)' are two packages, not two versions of one")
    }
    if let old, old.version == new.version {
      throw .notAPair("both packages are \(new.name) \(new.version); a rehearsal needs two versions")
    }
    catalogue = try await Catalogue(old: old, new: new)
    selected = try catalogue.selected(by: options.scenarios)
  }

  /// For `--list`: names and titles of what would run.
  public var list: [(name: String, title: String, known: String?)] {
    selected.map { ($0.name, $0.title, $0.file.known) }
  }

  /// Runs everything. When the task is cancelled, the hosts are removed and `CancellationError` is thrown.
  public func run(_ report: @Sendable @escaping (RehearsalProgress) -> Void) async throws -> RehearsalReport {
    guard geteuid() == 0 else { throw RehearsalError.needsRoot }
    let tools = try HostTools(cache: options.cache, hasNetwork: options.hasNetwork)
    // A kept host still reads from there.
    defer { if !options.keepsHosts { tools.remove() } }
    try await tools.call("sweep", [], timeout: .seconds(300))
    let repository = Repository(directory: tools.repository, old: old, new: new)
    try await repository.write()
    let scenarios = catalogue.withReferences(selected)
    let maker = SeedMaker(options: options, tools: tools, old: old, new: new, report: report)
    let seeds = try await maker.make(Set(scenarios.map(\.file.start)))
    try Task.checkCancellation()
    let began = Date()
    let base = Self.suite(of: seeds) + (options.base == nil ? "" : " (--base)")
    report(.ready(base: base, count: scenarios.count, jobs: options.jobs, seed: options.seed))
    let troupe = Troupe(
      options: options, tools: tools, seeds: seeds, old: old, new: new, bypass: await bypass(tools, seeds),
      report: report)
    let results = try await troupe.play(scenarios)
    return RehearsalReport(
      generator: Generator.version, old: old?.result, new: new.result, base: base, seed: options.seed,
      jobs: options.jobs, command: options.command, began: began.formatted(.iso8601),
      duration: Int(Date().timeIntervalSince(began) * 1_000), scenarios: results.map(\.result),
      figures: figures(results), notTested: notTested(results))
  }

  private static func suite(of seeds: Seeds) -> String {
    let text = (try? String(contentsOfFile: seeds.base + "/etc/os-release", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("VERSION_CODENAME=") }
    return line.map { String($0.dropFirst("VERSION_CODENAME=".count)) } ?? "unknown"
  }

  /// Gates about the hour, and about what a throw-away host does not have.
  private func bypass(_ tools: HostTools, _ seeds: Seeds) async -> [String] {
    var lines: [String] = []
    if new.belay?.gates.window != nil { lines.append("gate-window pass") }
    if new.belay?.gates.backup != nil { lines.append("gate-backup pass") }
    return lines
  }

  private func figures(_ results: [Played]) -> RehearsalReport.Figures {
    var figures = RehearsalReport.Figures()
    let upgrade = results.first { $0.result.name == "upgrade" }
    figures.downtime = upgrade?.result.downtime
    figures.downtimeBudget = new.belay?.downtimeBudget
    figures.snapshotSize = upgrade?.measurements.snapshotSize
    figures.snapshotTime = upgrade?.measurements.snapshotTime
    // Of those that were measured in peace, where there are some.
    let measured = results.filter { $0.result.downtime != nil }.compactMap(\.result.timeToReturn)
    let returns = (measured.isEmpty ? results.compactMap(\.result.timeToReturn) : measured).sorted()
    if !returns.isEmpty {
      figures.returnMedian = returns[(returns.count - 1) / 2]
      figures.return95 = returns[min(returns.count - 1, (returns.count * 95 + 99) / 100 - 1)]
    }
    figures.entriesLost = results.map(\.result.entriesLost).reduce(0, +)
    return figures
  }

  private func notTested(_ results: [Played]) -> [String] {
    var sentences: [String] = []
    if !options.hasNetwork { sentences.append("no network: the hosts have a loopback of their own and nothing else") }
    if options.before.isEmpty { sentences.append("no data of yours: rehearsal.before names no script that makes some") }
    if new.belay == nil {
      sentences.append("\(new.name) \(new.version) is a plain package: it has no checks and no way back")
    }
    if new.belay?.gates.window != nil { sentences.append("the gate 'window' is taken as open") }
    if new.belay?.gates.backup != nil { sentences.append("the gate 'backup' is taken as satisfied") }
    for path in new.belay?.snapshot.paths ?? [] where !path.isCopied {
      sentences.append("\(path.path) is not protected: copy none")
    }
    if new.belay != nil, new.probe == nil {
      sentences.append("downtime is not measured: no required check asks over http or tcp")
    }
    sentences += options.allow.map { "\($0.path) may differ: \($0.why)" }
    let skipped = results.filter { $0.result.outcome == .skipped }.count
    if skipped > 0 { sentences.append("\(skipped) scenarios were skipped, each with its reason below") }
    sentences.append("another kernel, another clock, data of production's size, other hosts of a cluster")
    if options.jobs > 1, results.count > 10 {
      sentences.append(
        "times are this machine's: the figures above with two hosts at a time, those of the other scenarios with \(options.jobs)"
      )
    }
    return sentences
  }
}
