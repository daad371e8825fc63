import ReleaseDescription
import Templates

/// The files that belay adds to the payload of a release with a belay block (docs/host-program.md).
enum BelayPayload {
  static func contents(of release: Release) throws(PackagingError) -> [Content] {
    guard release.belay != nil else { return [] }
    let package = release.control.name
    let hook = "/etc/apt/apt.conf.d/\(HostNames(package: package).hook)"
    let (documents, manual) = try documents(of: release)
    var contents = [
      try template("shim.sh", at: "/usr/sbin/belay-\(package)", mode: 0o755, package),
      try template("hook.conf", at: hook, mode: 0o644, package, isConffile: true),
      Content(
        kind: .text(try Gzip.compressed(manual)), destination: "/usr/share/man/man8/belay-\(package).8.gz", mode: 0o644),
    ]
    let texts = [
      ("update-plan", documents.updatePlan), ("fallback-plan", documents.fallbackPlan), ("plan-b", documents.planB),
    ]
    for (name, text) in texts {
      // Twice: slim hosts leave out /usr/share/doc.
      for destination in ["/usr/lib/belay/\(package)/\(name)", "/usr/share/doc/\(package)/\(name).txt"] {
        contents.append(Content(kind: .text(Array(text.utf8)), destination: destination, mode: 0o644))
      }
    }
    return contents
  }

  /// What lintian takes for faults in belay's own scripts, each with its reason; a release that ships its own file keeps
  /// that.
  static func lintianOverrides(of release: Release) throws(PackagingError) -> [Content] {
    let package = release.control.name
    let destination = HostPaths(package: package).lintianOverrides
    if release.belay == nil || release.contents.contains(where: { $0.destination == destination }) { return [] }
    return [try template("lintian-overrides", at: destination, mode: 0o644, package)]
  }

  private static func documents(of release: Release) throws(PackagingError) -> (Plans.Documents, manual: String) {
    do {
      return (try Plans.documents(release), try HostManual.page(release))
    } catch let error as PackagingError {
      throw error
    } catch {
      throw .document(reason: "\(error)")
    }
  }

  private static func template(
    _ name: String, at destination: String, mode: UInt32, _ package: String, isConffile: Bool = false
  ) throws(PackagingError) -> Content {
    let bytes = Array(try text(of: name, package).utf8)
    return Content(kind: .text(bytes), destination: destination, mode: mode, isConffile: isConffile)
  }

  /// A template with the package's name put in: no character of a name (policy 5.6.1) means anything to sh or apt.conf.
  private static func text(of template: String, _ package: String) throws(PackagingError) -> String {
    guard let text = Templates.text(named: template) else { throw .noTemplate(template) }
    return text.split(separator: "PACKAGE", omittingEmptySubsequences: false).joined(separator: package)
  }
}
