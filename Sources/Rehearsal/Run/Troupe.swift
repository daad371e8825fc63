import Foundation
import ReleaseDescription

/// A scenario that was played: what the report says of it, and what others are judged by.
struct Played: Sendable {
  var result: ScenarioResult
  var measurements = Measurements()
  var observation: Observation?
}

/// Plays scenarios, so many at a time, the references first.
struct Troupe: Sendable {
  let options: RehearsalOptions
  let tools: HostTools
  let seeds: Seeds
  let old: Subject?
  let new: Subject
  let bypass: [String]
  let report: @Sendable (RehearsalProgress) -> Void

  private var noise: Noise {
    Noise(
      package: new.name, hasDumps: !(new.belay?.snapshot.dumps ?? []).isEmpty,
      data: (new.belay?.snapshot.paths ?? []).map(\.path),
      allowed: options.allow.map { Noise.Allowed(pattern: $0.path, why: $0.why) })
  }

  func play(_ scenarios: [Scenario]) async throws -> [Played] {
    var played: [String: Played] = [:]
    let take = { (scenario: Scenario, result: Played) in
      played[scenario.name] = result
      report(.ended(result.result, done: played.count, count: scenarios.count))
    }
    // Two at a time: what is measured must not wait for others.
    try await play(scenarios.filter(\.isReference), atATime: 2, references: [:], usual: 0, take)
    let references = played.compactMapValues(\.observation)
    let usual = played["upgrade"]?.measurements.timeline.last?.at ?? 3_000
    let others = scenarios.filter { !$0.isReference }
    for (isMeasured, jobs) in [(true, min(2, options.jobs)), (false, options.jobs)] {
      try await play(
        others.filter { $0.file.measures == isMeasured }, atATime: jobs, references: references, usual: usual, take)
    }
    return scenarios.compactMap { played[$0.name] }
  }

  private func play(
    _ scenarios: [Scenario], atATime limit: Int, references: [String: Observation], usual: Int,
    _ take: (Scenario, Played) -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: (Scenario, Played).self) { group in
      var waiting = scenarios[...]
      var running = 0
      while running > 0 || !waiting.isEmpty {
        while running < limit, let next = waiting.popFirst() {
          report(.started(title: next.title))
          group.addTask { (next, try await play(next, references, usual)) }
          running += 1
        }
        guard let (scenario, result) = try await group.next() else { break }
        running -= 1
        take(scenario, result)
      }
    }
  }

  private func play(_ scenario: Scenario, _ references: [String: Observation], _ usual: Int) async throws -> Played {
    try Task.checkCancellation()
    let run = ScenarioRun(
      scenario: scenario, options: options, tools: tools, seeds: seeds, old: old, new: new, noise: noise,
      bypass: bypass, usual: usual)
    let (recording, host) = await run.record()
    let verdict = Verdict(
      scenario: scenario, options: options, old: old, new: new, noise: noise, references: references)
    let played = Played(
      result: verdict.result(of: recording), measurements: recording.measurements, observation: recording.end)
    if options.keepsHosts, played.result.outcome == .failed, !Task.isCancelled {
      report(.kept(scenario: scenario.name, enter: host.enterCommand))
    } else {
      await host.remove()
    }
    try Task.checkCancellation()
    return played
  }
}
