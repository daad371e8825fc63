import Foundation
import ReleaseDescription
import Templates
import TestSupport
import Testing

@testable import Rehearsal

/// The scenario files, and what becomes of them for one release.
@Suite struct CatalogueTests {
  @Test func everyFileIsRead() async throws {
    let reader = ScenarioReader(surroundings: Surroundings(variables: [:], directory: "/"))
    for template in Templates.scenarios {
      let outcome = await reader.read(template.bytes, file: template.name)
      #expect(outcome.findings.map { "\($0)" } == [], "\(template.name)")
      let unknown = Set(outcome.scenario?.when ?? []).subtracting(Expansion.conditions)
      #expect(unknown == [], "\(template.name) asks for something that nothing answers")
      #expect(outcome.scenario?.group?.isEmpty == false, "\(template.name) has no group")
    }
  }

  @Test(arguments: ["scenario", "rehearsal", "host"]) func theListsAreTheFolders(_ folder: String) throws {
    let directory = Checkout.directory + "/templates/" + folder
    let names = try FileManager.default.contentsOfDirectory(atPath: directory).filter { $0 != "README.md" }.sorted()
    let list =
      folder == "scenario" ? Templates.scenarios : folder == "host" ? Templates.hostTools : Templates.insideTools
    guard list.map(\.name) == names else {
      let lines = names.map { name in
        "    (\"\(name)\", PackageResources.\(String(name.map { $0.isLetter || $0.isNumber ? $0 : "_" }))),"
      }
      Issue.record("templates/ must list:\n\(lines.joined(separator: "\n"))")
      return
    }
    for entry in list {
      let text = try String(contentsOfFile: "\(directory)/\(entry.name)", encoding: .utf8)
      #expect(String(decoding: entry.bytes, as: UTF8.self) == text, "\(entry.name) has another file's bytes")
    }
  }

  @Test func aReleaseHasAScenarioForEachOfItsParts() async throws {
    try await withScratch { scratch in
      let old = try Subject(try await Self.release("1.0").build(in: scratch))
      let new = try Subject(try await Self.release("2.0").build(in: scratch))
      let scenarios = try await Catalogue(old: old, new: new).scenarios
      #expect(Set(scenarios.map(\.name)).count == scenarios.count)
      #expect(scenarios.count >= 100, "\(scenarios.count)")
      #expect(scenarios.filter { $0.title.contains("{") }.map(\.title) == [])
      let titles = Dictionary(uniqueKeysWithValues: scenarios.map { ($0.name, $0.title) })
      #expect(titles["check-fails-2"] == "check 2 'answers' fails")
      #expect(titles["check-fails-4"] == nil, "an advisory check decides nothing")
      #expect(titles["check-advisory-fails-4"] != nil)
      #expect(titles["check-fails-1"] == nil, "a check of stage 'before' refuses, it is not asked afterwards")
      #expect(titles["before-check-fails-1"] != nil && titles["before-check-fails-2"] == nil)
      let faults = Dictionary(uniqueKeysWithValues: scenarios.map { ($0.name, $0.file.faults) })
      #expect(faults["check-reads"] == ["checks-2 instead cat; tty; exit 78"], "the first that is asked afterwards")
      #expect(faults["old-check-fails"]?.last == "old-checks-2 instead exit 78")
      #expect(titles["step-fails-when-done-1"] != nil)
      #expect(titles["step-fails-when-done-2"] == nil, "its undo is 'compatible'")
      #expect(titles["step-runs-twice-2"] != nil)
      #expect(titles["dump-restore-fails-1"] != nil && titles["dump-final-fails-2"] == nil)
      #expect(titles["gate-fails-1"] == "gate 'ledger is there' does not hold")
      #expect(titles["killed-returning-step-1-undone"] != nil && titles["power-cut-checking"] != nil)
      for reference in Scenario.references { #expect(titles[reference.name] != nil, "\(reference.name)") }
      let blamed = scenarios.first { $0.name == "step-fails-when-done-1" }?.file.blames
      #expect(blamed == "steps[0].undo")
    }
  }

  @Test func aProbationHasScenariosOfItsOwn() async throws {
    try await withScratch { scratch in
      let old = try Subject(try await TestRelease("1.0").build(in: scratch))
      func names(_ more: String) async throws -> Set<String> {
        let belay = "checks: [{name: answers, run: \"true\"}]" + more
        let new = try Subject(try await TestRelease("2.0", belay: belay).build(in: scratch))
        return Set(try await Catalogue(old: old, new: new).scenarios.map(\.name))
      }
      let without = try await names("")
      let with = try await names("\nprobation: 1h")
      // A mark that comes only after the probation is none of the run's.
      #expect(with.subtracting(without) == ["probation-check-fails-1", "killed-probation", "power-cut-probation"])
      #expect(without.subtracting(with) == ["killed-committed", "power-cut-committed"])
    }
  }

  @Test func nothingFailsAfterwardsThatIsAskedOnlyBefore() async throws {
    try await withScratch { scratch in
      let belay = "checks: [{name: parses, run: \"true\", stage: before}]"
      let old = try Subject(try await TestRelease("1.0", belay: belay).build(in: scratch))
      let new = try Subject(try await TestRelease("2.0", belay: belay).build(in: scratch))
      let scenarios = try await Catalogue(old: old, new: new).scenarios
      #expect(scenarios.contains { $0.name == "before-check-fails-1" })
      #expect(scenarios.allSatisfy { $0.file.faults.allSatisfy { !$0.contains("checks-") } })
    }
  }

  @Test func withoutAnOldVersionOnlyFirstInstallationsAreTried() async throws {
    try await withScratch { scratch in
      let new = try Subject(try await Self.release("2.0").build(in: scratch))
      let scenarios = try await Catalogue(old: nil, new: new).scenarios
      #expect(!scenarios.isEmpty && scenarios.allSatisfy { $0.file.start == .nothing })
    }
  }

  @Test func aPlainPackageHasTheScenariosThatSaySomethingOfIt() async throws {
    try await withScratch { scratch in
      let old = try Subject(try await TestRelease("1.0").foreign.build(in: scratch))
      let new = try Subject(try await TestRelease("2.0").foreign.build(in: scratch))
      let catalogue = try await Catalogue(old: old, new: new)
      #expect(catalogue.scenarios.allSatisfy { $0.file.isPlain })
      #expect(catalogue.scenarios.contains { $0.name == "purge-new" })
      #expect(throws: RehearsalError.self) { try catalogue.selected(by: ["check-*"]) }
      #expect(try catalogue.selected(by: ["re*-new"]).map(\.name).sorted() == ["reinstall-new", "remove-new"])
    }
  }

  @Test func onlyTheReferencesThatAreNeededRun() async throws {
    try await withScratch { scratch in
      let old = try Subject(try await Self.release("1.0").build(in: scratch))
      let new = try Subject(try await Self.release("2.0").build(in: scratch))
      let catalogue = try await Catalogue(old: old, new: new)
      let one = catalogue.withReferences(try catalogue.selected(by: ["check-fails-2"]))
      #expect(one.map(\.name) == ["control", "check-fails-2"])
      let both = catalogue.withReferences(try catalogue.selected(by: ["killed-saved"]))
      #expect(both.map(\.name) == ["control", "upgrade", "killed-saved"])
    }
  }

  /// A release with one of each part, or two.
  private static func release(_ version: String) -> TestRelease {
    TestRelease(
      version,
      belay: """
        services:
          - {unit: shop.service, enable: true, on_upgrade: restart}
        snapshot:
          paths:
            - {path: /etc/shop, restore_when: always}
            - {path: /var/lib/shop, restore_when: unopened}
          dumps:
            - {name: ledger, save: cat /srv/ledger, verify: grep -qx end, restore: cat > /srv/ledger, restore_when: always}
        steps:
          - {name: migrate, run: sed -i s/v1/v2/ /srv/ledger, undo: sed -i s/v2/v1/ /srv/ledger}
          - {name: note, run: touch /srv/note, undo: compatible}
        gates:
          checks: [{name: ledger is there, run: test -e /srv/ledger}]
        checks:
          - {name: parses, run: "true", stage: before}
          - {name: answers, http: "http://127.0.0.1:8080/healthz"}
          - {name: runs, unit: shop.service}
          - {name: nice to have, run: "true", severity: advisory}
        """)
  }
}
