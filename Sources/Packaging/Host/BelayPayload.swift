import ReleaseDescription
import Templates

/// The files that belay adds to the payload of a release with a belay block (docs/host-program.md).
enum BelayPayload {
  static func contents(of release: Release) throws(PackagingError) -> [Content] {
    guard release.belay != nil else { return [] }
    let package = release.control.name
    let hook = "/etc/apt/apt.conf.d/\(HostNames(package: package).hook)"
    return [
      try file("shim.sh", at: "/usr/sbin/belay-\(package)", mode: 0o755, package),
      try file("hook.conf", at: hook, mode: 0o644, package, isConffile: true),
    ]
  }

  /// A template with the package's name put in: the name's characters (policy 5.6.1) mean nothing to sh, and to apt.conf neither.
  private static func file(
    _ template: String, at destination: String, mode: UInt32, _ package: String, isConffile: Bool = false
  ) throws(PackagingError) -> Content {
    guard let text = Templates.text(named: template) else { throw .noTemplate(template) }
    let bytes = Array(
      text.split(separator: "PACKAGE", omittingEmptySubsequences: false).joined(separator: package).utf8)
    return Content(kind: .text(bytes), destination: destination, mode: mode, isConffile: isConffile)
  }
}
