/// nFPM's keys (field.md, section 3), as far as they concern a .deb.
enum PackagingKeys {
  static let known = [
    "name", "arch", "version", "epoch", "release", "prerelease", "version_metadata", "version_schema", "section",
    "priority", "maintainer", "description", "homepage", "license", "vendor", "platform", "depends", "recommends",
    "suggests", "conflicts", "replaces", "provides", "contents", "scripts", "umask", "mtime", "disable_globbing", "deb",
    "overrides",
  ]
  static let later = ["changelog"]
  /// Formats whose blocks nFPM has; a .deb takes nothing from them.
  static let otherFormats = ["rpm", "apk", "archlinux", "ipk", "srpm", "msix", "termux.deb"]
}

extension Reading {
  /// One note for each block that is there for another format.
  mutating func otherFormats(_ fields: Fields) {
    for format in PackagingKeys.otherFormats {
      guard let position = fields.keyPositions[format] else { continue }
      note("'\(format)' is for another package format, nothing of it is used", at: position)
    }
    guard let node = fields["overrides"] else { return }
    let keys = Keys(known: PackagingKeys.otherFormats, later: ["deb"], path: "overrides.", nullIsAbsent: true)
    guard let overrides = self.fields(node, "'overrides'", keys) else { return }
    for format in PackagingKeys.otherFormats {
      guard let position = overrides.keyPositions[format] else { continue }
      note("'overrides.\(format)' is for another package format, nothing of it is used", at: position)
    }
  }
}
