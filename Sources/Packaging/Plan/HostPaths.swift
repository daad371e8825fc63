/// Where belay's things lie on a host (design, section 6).
public struct HostPaths: Sendable {
  public let package: String
  public init(package: String) { self.package = package }

  public var unit: String { HostNames(package: package).unit }
  public var bootUnit: String { unit + "-settle.service" }
  public var probationTimer: String { unit + "-probation.timer" }
  public var deferredUnit: String { unit + "-deferred.service" }
  public var state: String { "/var/lib/belay/\(package)" }
  public var override: String { state + "/override" }
  /// While the previous version runs from its kept .deb: where that is, and what systemd was told for it.
  public var interimLink: String { "/run/belay/\(package).interim" }
  public var interimFiles: String { interimLink + ".files" }
  public var documents: String { "/usr/lib/belay/\(package)" }
  /// The preferences that keep apt from proposing a version that was taken back.
  public var pin: String {
    "/etc/apt/preferences.d/00belay-" + package.map { $0 == "+" ? "_p" : String($0) }.joined() + ".pref"
  }
  public var hook: String { "/etc/apt/apt.conf.d/" + HostNames(package: package).hook }
  public var lintianOverrides: String { "/usr/share/lintian/overrides/\(package)" }

  /// What the builder adds to the payload of a release with a way back.
  public var ownFiles: [String] {
    [hook, "/usr/sbin/belay-\(package)", "/usr/share/man/man8/belay-\(package).8.gz", lintianOverrides]
      + ["fallback-plan", "plan-b", "update-plan"].flatMap {
        ["\(documents)/\($0)", "/usr/share/doc/\(package)/\($0).txt"]
      }
  }
}
