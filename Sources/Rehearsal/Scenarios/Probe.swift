import Foundation
import ReleaseDescription

/// What the prober asks without a pause: the first HTTP check of the release, else its first TCP check.
struct Probe: Sendable, Equatable {
  /// `host:port`.
  var address: String
  /// Path and query; empty: a connection is all.
  var target = ""
  var status: [Int] = []
  /// perl's.
  var body = ""

  /// - Parameter version: a body that names it would tell the old version from no answer at all, so it is not looked at.
  init?(_ checks: [Check], version: String) {
    for check in checks where check.severity == .required {
      // https needs a library that a base may not have.
      if case .http(let url, let status, let body) = check.kind, let url = URLComponents(string: url),
        url.scheme == "http", let host = url.host
      {
        address = "\(host):\(url.port ?? 80)"
        let path = url.percentEncodedPath.isEmpty ? "/" : url.percentEncodedPath
        target = path + (url.percentEncodedQuery.map { "?" + $0 } ?? "")
        self.status = status
        let body = body ?? ""
        self.body = body.replacingOccurrences(of: "\\", with: "").contains(version) ? "" : body
        return
      }
    }
    for check in checks where check.severity == .required {
      if case .tcp(let address) = check.kind {
        self.address = address
        return
      }
    }
    return nil
  }

  /// For `prober.pl`.
  var environment: [String: String] {
    [
      "probe_address": address, "probe_target": target, "probe_body": body,
      "probe_status": status.map(String.init).joined(separator: " "),
    ]
  }
}
