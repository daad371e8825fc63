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
  private var shippedUnits: [String] { [] }

  var result: RehearsalReport.Subject {
    .init(name: name, version: version, architecture: architecture, sha256: sha256, hasWayBack: belay != nil)
  }
}
