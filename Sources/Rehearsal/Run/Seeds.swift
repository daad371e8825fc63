import Apt
import ExternalTools
import Foundation
import ReleaseDescription

/// What the hosts of the scenarios are laid over: the base, and a layer for each start.
struct Seeds: Sendable {
  let base: String
  /// `LAYER:BASE` by start.
  fileprivate(set) var layers: [ScenarioFile.Start: String] = [:]

  /// The layers of a start, the uppermost first.
  func stack(_ start: ScenarioFile.Start) -> [String] {
    (layers[start] ?? base).split(separator: ":").map(String.init)
  }
}

/// Makes the base and the layers, or finds them in the cache.
struct SeedMaker: Sendable {
  let options: RehearsalOptions
  let tools: HostTools
  let old: Subject?
  let new: Subject
  let report: @Sendable (RehearsalProgress) -> Void

  func make(_ starts: Set<ScenarioFile.Start>) async throws(RehearsalError) -> Seeds {
    report(.preparing("the base of the hosts"))
    var seeds = Seeds(base: try await base())
    // A foreign start is made of the old version in use.
    for start in [ScenarioFile.Start.nothing, .old, .foreign]
    where starts.contains(start) || (start == .old && starts.contains(.foreign)) {
      let below = start == .foreign ? seeds.layers[.old] ?? seeds.base : seeds.base
      seeds.layers[start] = "\(try await layer(start, over: below)):\(below)"
    }
    return seeds
  }

  private func base() async throws(RehearsalError) -> String {
    var isDirectory: ObjCBool = false
    if let base = options.base, FileManager.default.fileExists(atPath: base, isDirectory: &isDirectory),
      isDirectory.boolValue
    {
      return URL(fileURLWithPath: base).standardizedFileURL.path
    }
    var arguments = ["rehearsal"]
    if let suite = options.suite { arguments += ["--suite", suite] }
    if !options.include.isEmpty { arguments += ["--include", options.include.joined(separator: ",")] }
    let relations = [old?.relations, new.relations].compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: ", ")
    if !relations.isEmpty { arguments += ["--satisfy", relations] }
    if let base = options.base { arguments += ["--from", base] }
    let output = try await tools.call("base", arguments, timeout: .seconds(1_800)) { [report] stream, bytes in
      guard stream == .error else { return }
      let line = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
      if line.hasPrefix("belay: ") { report(.preparing(String(line.dropFirst("belay: ".count)))) }
    }.outputText
    return output.trimmingCharacters(in: .newlines)
  }

  /// The directory of the layer; in the cache it goes by all that it was made of.
  private func layer(_ start: ScenarioFile.Start, over below: String) async throws(RehearsalError) -> String {
    let script = HostTools.insideTool("seed.sh") ?? ""
    // The new package as well: the layer has apt's lists, and they say its version and its sum.
    let parts = [below, start.rawValue, old?.sha256 ?? "", new.sha256, options.before, script]
    let digest: String
    do {
      digest = try Digester.digest(.sha256, of: Array(parts.joined(separator: "\n").utf8))
    } catch {
      throw .notReady("\(error)", log: "")
    }
    let layer = "\(tools.cache)/seed-\(digest.prefix(16))"
    // Two runs may make it at once; each makes its own, and the last one's stays.
    if FileManager.default.fileExists(atPath: layer) {
      try? FileManager.default.setAttributes([.modificationDate: Date()], ofItemAtPath: layer)
      return layer
    }
    let what = start == .nothing ? "a host without \(new.name)" : "a host with \(new.name) \(old?.version ?? "")"
    report(.preparing(what + (start == .foreign ? " that belay had no hand in" : "")))
    let name = "seed-\(start.rawValue)-\(ProcessInfo.processInfo.processIdentifier)"
    let host = ThrowAwayHost(name: name, tools: tools)
    do throws(RehearsalError) {
      try await host.create(over: below)
      try await host.boot()
      let environment = Surrounding.environment(old: old, new: new).merging(["before": options.before]) { $1 }
      let result = try await host.run("seed.sh", [start.rawValue], environment: environment, timeout: .seconds(600))
      guard result.exitCode == 0 else {
        let tail = (result.outputText + result.errorText).split(separator: "\n").suffix(12).joined(separator: "\n")
        throw .notReady("\(what) could not be made", log: tail)
      }
      try await host.powerOff()
      try await host.seal(as: layer)
    } catch {
      await host.remove()
      throw error
    }
    await host.remove()
    forgetOldLayers()
    return layer
  }

  /// The cache keeps the layers of the last few pairs.
  private func forgetOldLayers() {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: tools.cache)) ?? []
    let layers = names.filter { $0.hasPrefix("seed-") }.map { "\(tools.cache)/\($0)" }
    let dated = layers.map { path in
      ((try? FileManager.default.attributesOfItem(atPath: path)[.modificationDate]) as? Date ?? .distantPast, path)
    }
    for (date, path) in dated.sorted(by: { $0.0 > $1.0 }).dropFirst(12) where date < Date() - 86_400 {
      try? FileManager.default.removeItem(atPath: path)
    }
  }
}

/// The variables that the scripts inside a host know the pair by.
enum Surrounding {
  static func environment(old: Subject?, new: Subject) -> [String: String] {
    let inHost = { (subject: Subject?) -> String in
      subject.map { "/srv/repo/" + (URL(fileURLWithPath: $0.path).lastPathComponent) } ?? ""
    }
    return [
      "package": new.name, "old": old?.version ?? "", "new": new.version, "old_deb": inHost(old),
      "new_deb": inHost(new),
      "units": (new.units + (old?.units ?? [])).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        .joined(separator: " "),
    ]
  }
}
