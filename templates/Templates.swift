/// The templates, embedded in the binary.
///
/// SwiftPM offers no list of what it embeds, so the list is here; a test compares it with the folders.
public enum Templates {
  /// The text of one template by its file name, which is unique over the folders; nil: there is none of this name.
  public static func text(named name: String) -> String? {
    all.first { $0.name == name }.map { String(decoding: $0.bytes, as: UTF8.self) }
  }

  /// In the order of the names.
  public static let all: [(name: String, bytes: [UInt8])] = [
    ("belay-host.8.mustache", PackageResources.belay_host_8_mustache),
    ("header.sh", PackageResources.header_sh),
    ("hook.conf", PackageResources.hook_conf),
    ("plan-b.md.mustache", PackageResources.plan_b_md_mustache),
    ("plan-b.txt.mustache", PackageResources.plan_b_txt_mustache),
    ("plan.md.mustache", PackageResources.plan_md_mustache),
    ("plan.txt.mustache", PackageResources.plan_txt_mustache),
    ("shim.sh", PackageResources.shim_sh),
  ]
}
