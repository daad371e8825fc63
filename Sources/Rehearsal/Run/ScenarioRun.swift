import ExternalTools
import Foundation
import Packaging
import ReleaseDescription

/// What one scenario's host showed.
struct Recording: Sendable {
  /// After the scenario's preparations, before the run; nil: it has none.
  var start: Observation?
  /// nil: `failure` says why.
  var end: Observation?
  var failure: String?
  /// The fault point that the run never came to.
  var missed: String?
  /// The data at the points `saved` and `undone`.
  var saved: [String: [String]] = [:]
  var undone: [String: [String]] = [:]
  var measurements = Measurements()
  var log = ""
  var duration = 0
}

/// Runs one scenario on a host of its own.
struct ScenarioRun: Sendable {
  let scenario: Scenario
  let options: RehearsalOptions
  let tools: HostTools
  let seeds: Seeds
  let old: Subject?
  let new: Subject
  let noise: Noise
  /// Fault lines that every run has: gates that a throw-away host cannot satisfy.
  let bypass: [String]
  /// Milliseconds that a good upgrade takes, for cuts at random times.
  let usual: Int

  private var hostName: String { "r\(ProcessInfo.processInfo.processIdentifier)-\(scenario.name)" }

  func record() async -> (recording: Recording, host: ThrowAwayHost) {
    let began = ContinuousClock.now
    var recording = Recording()
    let host = ThrowAwayHost(name: hostName, tools: tools)
    do throws(RehearsalError) {
      try await host.create(
        over: seeds.layers[scenario.file.start] ?? seeds.base, canLosePower: losesPower,
        separate: scenario.variables["value"].flatMap { $0.hasPrefix("/var") ? $0 : nil })
      try await host.boot()
      try await perform(on: host, &recording)
    } catch {
      recording.failure = "\(error)"
    }
    collect(from: host, &recording)
    recording.duration = Int((ContinuousClock.now - began) / .milliseconds(1))
    return (recording, host)
  }

  private var losesPower: Bool { scenario.file.action == .cut || scenario.file.hasDisk }

  /// The fault is one of the host's surroundings, done from here.
  private var filling: [String]? {
    guard case .shell(let text) = scenario.file.action, text.hasPrefix("fill ") else { return nil }
    let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
    return [words[1], words.count > 2 ? words[2] : scenario.variables["value"] ?? "/"]
  }

  private func perform(on host: ThrowAwayHost, _ recording: inout Recording) async throws(RehearsalError) {
    if scenario.file.arrange != nil {
      recording.start = try await stage(["arrange", "observe"], on: host, &recording)
      if recording.failure != nil { return }
    }
    let isRandom = scenario.file.at == "random"
    if isRandom {
      try await cutAtRandom(host)
    } else {
      let rest = isOutside ? ["act"] : ["act", "finish"]
      let observation = try await stage(rest, on: host, &recording)
      if !isOutside || recording.failure != nil {
        recording.end = observation
        return
      }
      recording.missed = host.text(of: "/run/rehearsal/missed")?.trimmingCharacters(in: .newlines)
      if let filling {
        try await host.fill(filling[0], of: filling[1])
        _ = try await stage(["resume"], on: host, &recording)
        try await host.fill("free", of: filling[1])
      } else if recording.missed == nil {
        try await host.cutPower()
        try await host.boot()
      }
    }
    recording.end = try await stage(["finish"], on: host, &recording)
  }

  private var isOutside: Bool { scenario.file.action == .cut || filling != nil }

  private func cutAtRandom(_ host: ThrowAwayHost) async throws(RehearsalError) {
    var random = SeededGenerator(seed: options.seed, name: scenario.name)
    let delay = Int.random(in: 20...max(40, usual), using: &random)
    var unused = Recording()
    _ = try await stage(["begin"], on: host, &unused)
    try? await Task.sleep(for: .milliseconds(delay))
    try await host.cutPower()
    try await host.boot()
  }

  /// Runs parts of `stage.sh`; its output is an observation where `observe` or `finish` is among them.
  private func stage(
    _ verbs: [String], on host: ThrowAwayHost, _ recording: inout Recording
  ) async throws(RehearsalError) -> Observation? {
    let limit = Duration.milliseconds(3 * scenario.file.timeout + 60_000)
    let result = try await host.run("stage.sh", verbs, environment: environment, timeout: limit)
    guard result.exitCode == 0 else {
      let said = result.errorText.trimmingCharacters(in: .whitespacesAndNewlines)
      recording.failure = said.isEmpty ? "its script ended with \(result.exitCode)" : said
      return nil
    }
    guard verbs.contains("finish") || verbs.contains("observe") else { return nil }
    return observation(result.outputText, on: host)
  }

  private func observation(_ output: String, on host: ThrowAwayHost) -> Observation {
    let stack = seeds.stack(scenario.file.start)
    var changes = Changes(upper: host.upper, merged: host.root, layers: stack, noise: noise)
    if let path = scenario.variables["value"], path.hasPrefix("/var") {
      changes.merge(Changes(upper: host.separateUpper, merged: host.root, layers: stack, mount: path, noise: noise))
    }
    let data = self.data("end", on: host)
    var dumps: [Int: [String]] = [:]
    for number in 1...max(1, dumpCount) where host.text(of: "/run/rehearsal/end/dump-\(number).status") == "0\n" {
      dumps[number] = data["dump-\(number)"]
    }
    return Observation(output, changes: changes, dumps: dumps)
  }

  /// What `data_state` wrote, as lines by file.
  private func data(_ name: String, on host: ThrowAwayHost) -> [String: [String]] {
    let directory = "/run/rehearsal/\(name)"
    var result: [String: [String]] = [:]
    for file in (1...max(1, dumpCount)).map({ "dump-\($0)" }) + ["files"] {
      guard let text = host.text(of: "\(directory)/\(file)") else { continue }
      result[file] = text.split(separator: "\n").map(String.init)
    }
    return result
  }

  private var dumpCount: Int { new.belay?.snapshot.dumps.count ?? 0 }

  private func collect(from host: ThrowAwayHost, _ recording: inout Recording) {
    if scenario.file.compares == .undone {
      recording.saved = data("saved", on: host)
      recording.undone = data("undone", on: host)
    }
    recording.measurements = Measurements(host, package: new.name)
    let said = host.text(of: "/run/rehearsal/act.log") ?? ""
    recording.log = String(said.suffix(8_000))
  }

  // MARK: - What stage.sh is told

  private var environment: [String: String] {
    let file = scenario.file
    var values = Surrounding.environment(old: old, new: new)
    values.merge(scenario.variables) { $1 }
    var faults = file.faults + bypass
    var at = file.at == "random" ? "" : file.at ?? ""
    var action = ""
    switch file.action {
    case nil: break
    case .cut: action = "cut"
    case .kill:
      faults.append("\(at) kill")
      at = ""
    case .shell(let text): action = filling == nil ? text : "cut"
    }
    values.merge([
      "unit_base": HostPaths(package: new.name).unit, "arrange": file.arrange ?? "",
      "faults": new.belay == nil ? "" : faults.joined(separator: "\n"), "at": at, "do": action,
      "after": file.after ?? "", "measures": file.measures && new.probe != nil ? "yes" : "",
      "limit": "\(max(1, file.timeout / 1_000))", "run": runText, "dumps": "\(dumpCount)",
      "paths": (new.belay?.snapshot.paths ?? []).map(\.path).joined(separator: "\n"),
      "env_file": new.belay?.envFile ?? "", "next_deb": "/srv/repo/next/next.deb",
    ]) { $1 }
    for (index, dump) in (new.belay?.snapshot.dumps ?? []).enumerated() {
      values["dump_\(index + 1)_save"] = dump.save
      values["dump_\(index + 1)_user"] = dump.user ?? ""
    }
    values.merge(new.probe?.environment ?? [:]) { $1 }
    return values
  }

  private var runText: String {
    switch scenario.file.run {
    case .apt: "apt"
    case .dpkg: "dpkg"
    case .nothing: "none"
    case .shell(let text): text
    }
  }
}
