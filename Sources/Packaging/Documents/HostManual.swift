import Foundation
import ReleaseDescription

/// The manual page belay-PACKAGE(8).
public enum HostManual {
  /// The page's source, not compressed.
  public static func page(_ release: Release) throws -> String {
    try DocumentTemplate.hostManual.render(HostManualPage(release: release))
  }
}

extension HostManualPage {
  init(release: Release) {
    let host = HostPaths(package: release.control.name)
    self.init(
      package: release.control.name, upper: release.control.name.uppercased(), version: release.control.version,
      date: Self.day(release.modificationTime), state: host.state, documents: host.documents, hook: host.hook,
      unit: host.unit, bootUnit: host.bootUnit, deferredUnit: host.deferredUnit)
  }

  /// `YYYY-MM-DD` in UTC, whatever the machine's time zone is.
  private static func day(_ seconds: Int) -> String {
    Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601.year().month().day())
  }
}
