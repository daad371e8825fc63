/// Where belay's things lie on a host (design, section 6).
public struct HostPaths: Sendable {
  public let package: String
  public init(package: String) { self.package = package }

  /// A unit name cannot hold the `+` that a package name may: systemd-escape(1) makes it `\x2b`.
  public var unit: String {
    "belay-" + package.split(separator: "+", omittingEmptySubsequences: false).joined(separator: #"\x2b"#)
  }
  public var bootUnit: String { unit + "-settle.service" }
  public var deferredUnit: String { unit + "-deferred.service" }
  public var state: String { "/var/lib/belay/\(package)" }
  public var override: String { state + "/override" }
  public var documents: String { "/usr/lib/belay/\(package)" }
  /// apt ignores configuration files with a `+` in their name.
  public var hook: String {
    "/etc/apt/apt.conf.d/60belay-"
      + package.split(separator: "+", omittingEmptySubsequences: false).joined(separator: "_p") + ".conf"
  }

  /// What the builder adds to the payload of a release with a way back.
  public var ownFiles: [String] {
    [hook, "/usr/sbin/belay-\(package)", "/usr/share/man/man8/belay-\(package).8.gz"]
      + ["fallback-plan", "plan-b", "update-plan"].flatMap {
        ["\(documents)/\($0)", "/usr/share/doc/\(package)/\($0).txt"]
      }
  }
}
