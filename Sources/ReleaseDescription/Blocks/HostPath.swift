import Yams

/// What belay itself puts on a host; no release may write there.
enum OwnPaths {
  static let state = "/var/lib/belay"
  static let all = [state, "/usr/lib/belay", "/etc/belay", "/run/belay"]
}

extension String {
  /// The same directory or below it. Both absolute and normalised.
  func isInside(_ directory: String) -> Bool {
    self == directory || hasPrefix(directory == "/" ? "/" : directory + "/")
  }

  /// An absolute path without `//`, `.` and a slash at the end; nil when it is relative or has `..`.
  var normalisedPath: String? {
    guard hasPrefix("/") else { return nil }
    let parts = split(separator: "/").filter { $0 != "." }
    return parts.contains("..") ? nil : "/" + parts.joined(separator: "/")
  }
}

extension Reading {
  /// An absolute path on the host, normalised.
  mutating func hostPath(_ fields: Fields, _ key: String) -> String? {
    guard let text = line(fields, key) else { return nil }
    return hostPath(text, "'\(key)'", at: fields.position(of: key))
  }

  mutating func hostPath(_ text: String, _ what: String, at position: Position) -> String? {
    guard text.hasPrefix("/") else {
      error("\(what) must be an absolute path, found '\(text.shortened)'", at: position)
      return nil
    }
    guard let path = text.normalisedPath else {
      error("\(what) must not contain '..', found '\(text.shortened)'", at: position)
      return nil
    }
    if path.utf8.split(separator: UInt8(ascii: "/")).contains(where: { $0.count > 255 }) {
      error("\(what) has a name longer than 255 bytes", at: position)
      return nil
    }
    return path
  }
}
