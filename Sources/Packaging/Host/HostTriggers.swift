import ReleaseDescription

/// The leader of a set triggers itself in its postinst: dpkg comes back to it when everything else of the run is configured
/// (deb-triggers(5)), and only then it is called installed.
enum HostTriggers {
  /// DEBIAN/triggers; empty: none.
  static func file(of release: Release) -> String {
    release.belay?.set.map { "interest-noawait belay-set-\($0.name)\n" } ?? ""
  }
}
