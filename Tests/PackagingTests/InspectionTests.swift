import ExternalTools
import Foundation
import ReleaseDescription
import Testing

@testable import Packaging

/// What a package says about itself, against the release it was built from.
@Suite struct InspectionTests {
  @Test(arguments: ["full", "least", "plain"])
  func thePackageTellsThePlanOfItsRelease(name: String) throws {
    let fixture = try Fixture()
    let release = try #require(PlanSamples.named[name])
    let inspection = try Inspection(try fixture.build(release))
    #expect(try Plans.json(inspection.plan) == Plans.json(Plan(of: release)))
    #expect(inspection.generator == (release.belay == nil ? nil : Generator.version))
    #expect(inspection.doubts == [])
  }

  @Test(arguments: Compression.Algorithm.allCases)
  func everyCompressionIsRead(_ algorithm: Compression.Algorithm) throws {
    let fixture = try Fixture()
    var release = PlanSamples.full
    release.compression = Compression(algorithm, level: algorithm == .none ? 0 : 3)
    #expect(try Inspection(try fixture.build(release)).plan == Plan(of: release))
  }

  /// The header is the only thing that is read back from the program, so it has to keep everything.
  @Test func theHeaderKeepsTheWholeRelease() throws {
    for release in [PlanSamples.full, PlanSamples.least, Samples.everything.0] {
      let belay = try #require(release.belay)
      let header = try HostHeaderReader("#!/bin/sh\n" + HostHeader.render(release, belay) + "# the first piece\nx=1\n")
      #expect(header.belay == belay)
      #expect(header.scripts == release.scripts)
      #expect(header.package == release.control.name)
      #expect(header.version == release.control.version)
    }
  }

  @Test func hostileValuesComeBackAsTheyWere() throws {
    for value in HostHeaderTests.hostile where !value.isEmpty {
      var release = PlanSamples.least
      var belay = try #require(release.belay)
      belay.envFile = value
      belay.steps = [Step(name: value, unless: value, run: value, undo: .command(value), user: value)]
      belay.checks = [Check(name: value, kind: .http(url: value, status: [200], body: value))]
      release.belay = belay
      let header = try HostHeaderReader("#!/bin/sh\n" + HostHeader.render(release, belay))
      #expect(header.belay == belay)
    }
  }

  @Test(arguments: [
    ("belay_units='", "belay_units=\"", "line 8 is no assignment of a single-quoted value"),
    ("belay_reserve='", "belay_spare='", "'belay_reserve' is missing"),
    ("belay_format='1'", "belay_format='2'", "format '2', this belay reads format '1'"),
    ("belay_arch='all'\n", "belay_arch='all'\nbelay_arch='all'\n", "'belay_arch' is given twice"),
    ("belay_checks='1'", "belay_checks='2'", "'check_2' is missing"),
    ("belay_checks='1'", "belay_checks='0'", "'check_1' is unknown"),
    ("belay_checks='1'", "belay_checks='-1'", "'belay_checks' has the value '-1'"),
    (
      "belay_downtime_budget=''", "belay_downtime_budget='1s'", "'belay_downtime_budget' has the value '1s'"
    ),
    ("kind='tcp'", "kind='udp'", "'check_1: kind' has the value 'udp'"),
    ("  kind='tcp'", "  kind='tcp'\n  x='$(id)'", "'check_1: x' is unknown"),
  ])
  func aHeaderThatBelayDoesNotWriteIsRefused(from: String, to: String, message: String) throws {
    let release = PlanSamples.least
    let text = "#!/bin/sh\n" + (try HostHeader.render(release, try #require(release.belay)))
    let changed = text.replacing(from, with: to)
    #expect(changed != text)
    do {
      _ = try HostHeaderReader(changed)
      Issue.record("it was taken")
    } catch {
      #expect("\(error)" == message)
    }
  }

  /// Rehearsed as the version before, it has to be read.
  @Test func thePackageOfAnEarlierBelayIsRead() throws {
    var release = PlanSamples.least
    release.belay?.downtimeBudget = 1_000
    let text = "#!/bin/sh\n" + (try HostHeader.render(release, try #require(release.belay)))
    #expect(try HostHeaderReader(text).belay.downtimeBudget == 1_000)
    var earlier = text
    for line in [
      "downtime_budget='1000'", "probation=''", "confirm_within=''", "set_name='\(release.belay?.set?.name ?? "")'",
      "set_members=''",
      "set_same_version='false'",
    ] { earlier = earlier.replacing("belay_\(line)\n", with: "") }
    #expect(!earlier.contains("belay_set_"))
    #expect(try HostHeaderReader(earlier).belay.downtimeBudget == nil)
    #expect(try HostHeaderReader(earlier).belay.set == nil)
  }

  @Test func aProgramThatIsNotOursIsDoubted() async throws {
    let fixture = try Fixture()
    let package = try fixture.build(PlanSamples.least)
    let tree = fixture.path("tree")
    _ = try await run("dpkg-deb", "-R", package, tree)
    for file in ["DEBIAN/preinst", "usr/sbin/belay-guestbook"] {
      let handle = try #require(FileHandle(forWritingAtPath: "\(tree)/\(file)"))
      try handle.seekToEnd()
      try handle.write(contentsOf: Data("touch escaped\n".utf8))
      try handle.close()
    }
    let changed = fixture.path("changed.deb")
    _ = try await run(
      "dpkg-deb", "--root-owner-group", "-b", tree, changed,
      environment: ["SOURCE_DATE_EPOCH": "0", "PATH": "/usr/bin:/bin"])
    let inspection = try Inspection(changed)
    #expect(
      inspection.doubts == [
        "its preinst is not the one that belay builds of this release",
        "its /usr/sbin/belay-guestbook is not the one that belay builds of this release",
      ])
  }

  @Test func whatIsNoPackageIsSaidToBeNone() throws {
    let fixture = try Fixture()
    let text = try fixture.source("text", "no archive at all")
    let empty = try fixture.source("empty", "")
    let other = try fixture.source(
      "other.a", "!<arch>\nx/              0           0     0     644     2         `\nx\n")
    #expect(throws: InspectionError.file(path: "/nonexistent", errno: ENOENT)) { try Inspection("/nonexistent") }
    for path in [text, empty, other] {
      do {
        _ = try Inspection(path)
        Issue.record("\(path) was taken")
      } catch {
        guard case .notAPackage(path, _) = error else {
          Issue.record("\(error)")
          continue
        }
      }
    }
  }
}
