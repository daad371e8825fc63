import ReleaseDescription

/// The payload's files that systemd's tools have to be told about, by file name.
struct SystemdFiles {
  let units: [String]
  let sysusers: [String]
  let tmpfiles: [String]

  init(_ contents: [Content]) {
    let directories = { (name: String) in ["/usr/lib/\(name)/", "/lib/\(name)/", "/etc/\(name)/"] }
    units = Self.files(of: contents, in: directories("systemd/system"), suffixes: Self.unitSuffixes)
    sysusers = Self.files(of: contents, in: directories("sysusers.d"), suffixes: [".conf"])
    tmpfiles = Self.files(of: contents, in: directories("tmpfiles.d"), suffixes: [".conf"])
  }

  /// systemd.unit(5), without the kinds that no file makes.
  private static let unitSuffixes = [
    ".service", ".socket", ".timer", ".path", ".target", ".mount", ".automount", ".swap", ".slice",
  ]

  /// Directly in one of the directories: what lies deeper is a drop-in or a `.wants` link.
  private static func files(of contents: [Content], in directories: [String], suffixes: [String]) -> [String] {
    let names = contents.compactMap { content -> String? in
      switch content.kind {
      case .directory, .symlink: return nil
      case .file, .text: break
      }
      guard let directory = directories.first(where: { content.destination.hasPrefix($0) }) else { return nil }
      let name = String(content.destination.dropFirst(directory.count))
      return !name.contains("/") && suffixes.contains { name.hasSuffix($0) } ? name : nil
    }
    return Set(names).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
