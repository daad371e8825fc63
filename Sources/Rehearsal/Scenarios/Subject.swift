import Apt
import Foundation
import Packaging
import ReleaseDescription

/// A package that is rehearsed, as it was read from its .deb.
struct Subject: Sendable {
  let path: String
  let name: String
  let version: String
  let architecture: String
  let sha256: String
  /// nil: belay is not in it.
  let belay: Belay?
  let scripts: UserScripts
  /// The units that it ships, without templates and their instances.
  private let shippedUnits: [String]
  /// Without those that belay adds.
  let conffiles: Set<String>
  /// What apt has to find: its Pre-Depends and Depends.
  let relations: String

  init(_ path: String) throws(RehearsalError) {
    self.path = path
    let inspection: Inspection
    do {
      inspection = try Inspection(path)
    } catch {
      throw .unreadable(error)
    }
    name = inspection.plan.package.name
    version = inspection.plan.package.version
    architecture = inspection.plan.package.architecture
    belay = inspection.release.belay
    scripts = inspection.release.scripts
    relations = inspection.relations
    let own = Set(HostPaths(package: inspection.plan.package.name).ownFiles)
    conffiles = Set(inspection.release.contents.filter(\.isConffile).map(\.destination)).subtracting(own)
    shippedUnits = inspection.release.contents.map(\.destination).filter { path in
      (path.hasPrefix("/lib/systemd/system/") || path.hasPrefix("/usr/lib/systemd/system/"))
        && path.hasSuffix(".service") && !path.contains("@") && path.split(separator: "/").count <= 5
    }.compactMap { $0.split(separator: "/").last.map(String.init) }
    do {
      guard let data = FileManager.default.contents(atPath: path) else {
        throw RehearsalError.file(path: path, reason: "it cannot be read")
      }
      sha256 = try Digester.digest(.sha256, of: Array(data))
    } catch let error as RehearsalError {
      throw error
    } catch {
      throw .file(path: path, reason: "\(error)")
    }
  }

  /// The units that the release declares; of a foreign package those it ships.
  var units: [String] { belay?.services.map(\.unit) ?? shippedUnits }

  /// nil: no check asks over the network.
  var probe: Probe? { belay.flatMap { Probe($0.checks, version: version) } }

  var result: RehearsalReport.Subject {
    .init(name: name, version: version, architecture: architecture, sha256: sha256, hasWayBack: belay != nil)
  }
}
