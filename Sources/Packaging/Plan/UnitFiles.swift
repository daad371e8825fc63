/// Files of the payload that systemd's helpers act on.
enum UnitFiles {
  /// The file's name if it lies directly in `DIRECTORY` below one of the places that packages use.
  static func name(of destination: String, in directory: String) -> String? {
    for root in ["/usr/lib/", "/lib/"] {
      guard destination.hasPrefix(root + directory + "/") else { continue }
      let name = destination.dropFirst((root + directory + "/").count)
      return name.isEmpty || name.contains("/") ? nil : String(name)
    }
    return nil
  }
}
