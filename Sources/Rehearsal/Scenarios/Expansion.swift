import Foundation
import ReleaseDescription

/// Fills scenario files in for the items of one release.
struct Expansion: Sendable {
  let old: Subject?
  let new: Subject

  /// None when the scenario says nothing about this pair.
  func scenarios(of file: ScenarioFile, named base: String) -> [Scenario] {
    guard new.belay != nil || file.isPlain, isPossible(file) else { return [] }
    // Nothing but checks of stage 'before': none can be made to fail later.
    if firstAfter == nil, file.faults.contains(where: Self.isOfFirstCheck) { return [] }
    let general = file.when.filter { !Self.itemConditions.contains($0) }
    guard general.allSatisfy(holds) else { return [] }
    return items(of: file).map { item in scenario(file, base, item) }
  }

  private func isPossible(_ file: ScenarioFile) -> Bool {
    switch file.start {
    case .nothing: true
    case .old: old != nil
    // Without belay in it, the old version is foreign already.
    case .foreign: old?.belay != nil
    }
  }

  // MARK: - The first check

  /// The number of the first check that is asked of an installed version: `checks-1` of a scenario file stands for it.
  private var firstAfter: Int? {
    guard let belay = new.belay, !belay.checks.isEmpty else { return 1 }
    return belay.checks.firstIndex { !$0.isBefore }.map { $0 + 1 }
  }

  private static func isOfFirstCheck(_ fault: String) -> Bool {
    ["checks-1 ", "baseline-1 ", "old-checks-1 "].contains { fault.hasPrefix($0) }
  }

  private func ofFirstCheck(_ fault: String) -> String {
    guard Self.isOfFirstCheck(fault), let firstAfter else { return fault }
    return fault.replacing("-1 ", with: "-\(firstAfter) ", maxReplacements: 1)
  }

  // MARK: - Items

  private struct Item {
    /// nil: the scenario is there once.
    var suffix: String?
    var variables: [String: String] = [:]
  }

  private func items(of file: ScenarioFile) -> [Item] {
    let belay = new.belay ?? Belay()
    let wanted = Set(file.when).intersection(Self.itemConditions)
    func numbered<Element>(
      _ elements: [Element], _ traits: (Element) -> Set<String>, _ variables: (Element) -> [String: String]
    ) -> [Item] {
      elements.enumerated().filter { wanted.isSubset(of: traits($0.element)) }.map { index, element in
        var variables = variables(element)
        variables["n"] = "\(index + 1)"
        variables["i"] = "\(index)"
        return Item(suffix: "\(index + 1)", variables: variables)
      }
    }
    switch file.each {
    case nil: return [Item()]
    case .service:
      return numbered(belay.services, Self.traits) { ["name": $0.unit, "unit": $0.unit] }
    case .path:
      return numbered(belay.snapshot.paths, Self.traits) { ["name": $0.path, "path": $0.path] }
    case .dump: return numbered(belay.snapshot.dumps, Self.traits) { ["name": $0.name] }
    case .step: return numbered(belay.steps, Self.traits) { ["name": $0.name] }
    case .check: return numbered(belay.checks, Self.traits) { ["name": $0.name] }
    case .gateCheck: return numbered(belay.gates.checks, Self.traits) { ["name": $0.name] }
    case .script: return scripts.map { Item(suffix: $0, variables: ["name": $0]) }
    case .point:
      return file.points.flatMap(points).map { Item(suffix: $0, variables: ["point": $0]) }
    case .value:
      return file.values.enumerated().map { Item(suffix: "\($0 + 1)", variables: ["value": $1, "n": "\($0 + 1)"]) }
    }
  }

  /// Those of the release's own scripts that belay runs in its own.
  private var scripts: [String] {
    [("preinst", new.scripts.preinst), ("postinst", new.scripts.postinst)].compactMap { $1 == nil ? nil : $0 }
  }

  /// `forward` and `back` stand for the marks that this release's journal has on those ways; others for themselves.
  private func points(_ word: String) -> [String] {
    let belay = new.belay ?? Belay()
    let steps = belay.steps.indices.filter { belay.steps[$0].stage != .committed }.map { $0 + 1 }
    switch word {
    case "forward":
      return ["unpacked", "configure-begun", "saved", "updating"]
        + steps.flatMap { ["step-\($0)-begun", "step-\($0)"] } + ["checking"]
        + [belay.probation == nil ? "committed" : "probation"]
    case "back":
      let undone = steps.reversed().map { "step-\($0)-undone" }
      let dumps = belay.snapshot.dumps.indices.filter { belay.snapshot.dumps[$0].restoreWhen == .always }
      let paths = belay.snapshot.paths.indices.filter {
        belay.snapshot.paths[$0].isCopied && belay.snapshot.paths[$0].restoreWhen == .always
      }
      return ["returning", "stopped"] + undone + ["undone"] + dumps.map { "dump-\($0 + 1)" }
        + paths.map { "path-\($0 + 1)" } + ["data", "package", "etc", "returned"]
    default: return [word]
    }
  }

  // MARK: - Conditions

  private static let itemConditions: Set<String> = [
    "required", "advisory", "probing", "before", "stopped", "started", "undo", "restorable", "copied", "restarted",
    "enabled",
  ]

  private static func traits(_ service: Service) -> Set<String> {
    (service.onUpgrade == .none ? [] : ["restarted"] as Set).union(service.enable ? ["enabled"] : [])
  }

  private static func traits(_ path: SnapshotPath) -> Set<String> {
    guard path.isCopied else { return [] }
    return path.restoreWhen == .always ? ["copied", "restorable"] : ["copied"]
  }

  private static func traits(_ dump: Dump) -> Set<String> { dump.restoreWhen == .always ? ["restorable"] : [] }

  private static func traits(_ step: Step) -> Set<String> {
    guard case .command = step.undo else { return [step.stage.rawValue] }
    return [step.stage.rawValue, "undo"]
  }

  private static func traits(_ check: Check) -> Set<String> {
    // What is asked of the new files can fail only there: the other words speak of checks of an installed version.
    if check.isBefore { return check.severity == .required ? ["before"] : [] }
    var traits: Set = [check.severity.rawValue]
    if case .unit = check.kind {} else { traits.insert("probing") }
    return traits
  }

  /// What a scenario may ask of the pair as a whole.
  private func holds(_ condition: String) -> Bool {
    let belay = new.belay ?? Belay()
    switch condition {
    case "hook": return old?.belay != nil
    case "conffiles": return old?.conffiles.isEmpty == false
    case "services": return !belay.services.isEmpty
    case "copies": return belay.snapshot.paths.contains(where: \.isCopied)
    case "free_space": return belay.gates.freeSpace != nil
    case "window": return belay.gates.window != nil
    case "backup": return belay.gates.backup != nil
    case "port": return new.probe != nil
    case "postinst": return new.scripts.postinst != nil
    case "probation": return belay.probation != nil
    case "removes": return belay.fallback.firstInstall == .remove
    default: return false
    }
  }

  /// The words that `when` knows; a test compares them with the scenario files.
  static let conditions =
    itemConditions.union([
      "copies", "hook", "conffiles", "services", "free_space", "window", "backup", "port", "postinst", "removes",
      "probation",
    ])

  // MARK: - Filling in

  private func scenario(_ file: ScenarioFile, _ base: String, _ item: Item) -> Scenario {
    func filled(_ text: String) -> String {
      item.variables.reduce(text) { $0.replacingOccurrences(of: "{\($1.key)}", with: $1.value) }
    }
    var result = file
    result.title = filled(file.title)
    result.faults = file.faults.map { filled(ofFirstCheck($0)) }
    result.at = file.at.map(filled)
    result.means = file.means.map(filled)
    result.blames = file.blames.map(filled)
    return Scenario(
      name: item.suffix.map { "\(base)-\($0)" } ?? base, title: result.title, file: result, variables: item.variables)
  }
}
