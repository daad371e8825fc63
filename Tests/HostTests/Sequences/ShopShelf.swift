import TestSupport

/// The packages of the rows, built once a run.
enum ShopShelf {
  static func directory() async throws -> String { try await built.value }

  private static let built = Task {
    let directory = try Scratch.make()
    for release in releases { try await release.build(in: directory) }
    for package in foreign { try await package.build(in: directory) }
    try await HostRepository.writeIndex(in: directory)
    return directory
  }

  /// belay's versions.
  private static let releases: [TestRelease] = [
    TestRelease("1.0"), TestRelease("2.0"), TestRelease("3.0", .answers500), TestRelease("4.0", .refusesToStart),
    TestRelease("2.greedy", belay: TestRelease.plainBelay + "\ngates: {free_space: 900T}"),
    TestRelease("2.clashing", files: ["/usr/share/other/version": "of shop\n"]),
  ]

  /// Versions without belay: 0.5 before it, 9.0 after it; and packages that get in their way.
  private static let foreign: [ForeignPackage] = {
    var packages = ["0.5", "9.0"].map { version in
      var package = TestRelease(version).foreign
      for (script, text) in package.scripts {
        package.scripts[script] = TracedPackage.text(script, of: "shop", version, then: text.withoutFirstLine)
      }
      package.scripts["preinst"] = TracedPackage.text("preinst", of: "shop", version)
      return package
    }
    // As older debhelper had it: the service is stopped before the new version can say anything.
    var stopping = TestRelease("0.6").foreign
    stopping.scripts["prerm"] = "#!/bin/sh\nset -e\ndeb-systemd-invoke stop shop.service\n"
    var bare = TestRelease("0.7").foreign
    bare.scripts = [:]
    packages += [stopping, bare, TracedPackage.make("other", "1")]
    packages.append(TracedPackage.make("breaker", "1", fields: ["Breaks": "shop"]))
    packages.append(
      TracedPackage.make(
        "rival", "1", fields: ["Conflicts": "shop", "Replaces": "shop", "Provides": "shop"]))
    return packages
  }()
}

extension String {
  fileprivate var withoutFirstLine: String {
    split(separator: "\n", omittingEmptySubsequences: false).dropFirst().joined(separator: "\n")
  }
}
