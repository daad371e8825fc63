import TestSupport
import Testing

/// What a check of stage 'before' sees is what dpkg then installs: each case looks before, upgrades, and looks again.
struct Placement: Sendable {
  /// As root on the host, with 1.0 installed.
  var arrange = "true"
  /// How the new version arrives; it is /srv/repo/shop_2.0_all.deb.
  var upgrade = "apt-get -q -y install shop=2.0"
  /// A person will be asked, and there is none: dpkg fails, so only what was seen is looked at.
  var seen: String?

  private static let edit = "echo edited > /etc/shop/"
  private static let override = "dpkg-statoverride --quiet --force-all --add "
  private static func leaveOut(_ lines: String...) -> String {
    "printf '%s\\n' \(lines.map { "'\($0)'" }.joined(separator: " ")) > /etc/dpkg/dpkg.cfg.d/site"
  }
  private static func apt(_ options: String...) -> String {
    "apt-get -q -y \(options.map { "-o DPkg::Options::=--force-\($0)" }.joined(separator: " ")) install shop=2.0"
  }

  static let all: [Placement] = [
    .init(),
    .init(upgrade: "dpkg -i /srv/repo/shop_2.0_all.deb"),
    // Conffiles: `changes` is another one in 2.0, `stays` is not, `new` is only there, `leaves` only in 1.0.
    .init(arrange: edit + "changes", upgrade: apt("confold")),
    .init(arrange: edit + "changes", upgrade: apt("confnew")),
    .init(arrange: edit + "changes", upgrade: apt("confdef", "confnew")),
    .init(arrange: edit + "changes", upgrade: "dpkg --force-confnew -i /srv/repo/shop_2.0_all.deb"),
    .init(arrange: edit + "changes", upgrade: "dpkg --force-confold -i /srv/repo/shop_2.0_all.deb"),
    .init(arrange: edit + "changes; echo force-confnew > /etc/dpkg/dpkg.cfg.d/site"),
    .init(arrange: edit + "changes", seen: "edited"),
    .init(arrange: edit + "stays", upgrade: apt("confnew")),
    .init(arrange: edit + "stays", upgrade: apt("confask", "confnew")),
    .init(arrange: "rm /etc/shop/changes", upgrade: apt("confold")),
    .init(arrange: "rm /etc/shop/changes", upgrade: apt("confnew")),
    .init(arrange: "rm /etc/shop/changes", upgrade: apt("confmiss")),
    .init(arrange: "rm /etc/shop/changes", seen: ""),
    .init(arrange: "rm /etc/shop/stays", upgrade: apt("confnew")),
    .init(arrange: "rm /etc/shop/stays", upgrade: apt("confold", "confmiss")),
    .init(arrange: edit + "new", upgrade: apt("confold")),
    .init(arrange: edit + "new; chmod 600 /etc/shop/new", upgrade: apt("confnew")),
    // Names: links to directories, diversions, a mount below /usr.
    .init(arrange: "mv /opt/shop /srv/elsewhere; ln -s /srv/elsewhere /opt/shop"),
    .init(arrange: "dpkg-divert --quiet --local --rename --add /usr/share/shop/words"),
    .init(arrange: "mount -t tmpfs tmpfs /usr/local/lib; echo here > /usr/local/lib/marker"),
    // Another owner and mode: of a file, of a diverted one, of a conffile that is there and of one that is not.
    .init(arrange: override + "daemon '#7' 4750 /usr/share/shop/words"),
    .init(
      arrange: override
        + "daemon root 0640 /usr/share/shop/words; dpkg-divert --quiet --local --rename --add /usr/share/shop/words"),
    .init(arrange: override + "daemon root 0600 /etc/shop/changes; \(override)daemon root 0600 /etc/shop/new"),
    // Files that the site leaves out: new and old ones, with exceptions, by the configuration and in this run alone.
    .init(arrange: leaveOut("path-exclude=/opt/shop/*", "path-include=/opt/shop/bin/*")),
    .init(arrange: leaveOut("path-exclude = \"/usr/share/shop/w*\"", "path-exclude /lib/shop-tools/[!t]*")),
    .init(arrange: leaveOut("path-exclude=/etc/shop/*", "path-include=/etc/shop/new")),
    .init(
      arrange: leaveOut("path-include=/opt/shop/t?ol") + "; echo path-exclude=/opt/shop/tool >> /etc/dpkg/dpkg.cfg"),
    .init(upgrade: "apt-get -q -y -o DPkg::Options::=--path-exclude=/usr/share/shop/words install shop=2.0"),
    .init(
      arrange: leaveOut("path-exclude=/opt/shop/*"),
      upgrade: "dpkg --path-include '/opt/shop/bin/*' --path-exclude='/lib/*/more' -i /srv/repo/shop_2.0_all.deb"),
  ]
}

@Suite(.needsHost) struct PlacementTests {
  /// All that the package has, and what lies beside it; what dpkg leaves beside a conffile is not asked for.
  private static let look = #"""
    #!/bin/bash
    cd /
    find etc/shop opt/shop/ srv/elsewhere usr/lib/shop usr/lib/shop-tools usr/share/shop usr/local/lib ! -type d \
      ! -name '*.dpkg-*' -printf '%p %M %U:%G %l ' -exec sh -c 'md5sum <"$1"' - {} \; 2> /dev/null | sort

    """#

  @Test func theNewFilesAreWhereDpkgPutsThem() async throws {
    try await Host.booted { host in
      try await publish(host)
      for (index, placement) in Placement.all.enumerated() {
        let what = "case \(index): \(placement.arrange); \(placement.upgrade)"
        try await host.succeed("apt-get -q -y --allow-downgrades install shop=1.0; \(placement.arrange); rm /run/seen")
        let result = try await host.run("\(placement.upgrade) < /dev/null")
        let seen = try await host.read("/run/seen")
        if let wanted = placement.seen {
          #expect(result.status != 0, "\(what)")
          #expect(result.stderr.contains("dpkg asks about /etc/shop/changes"), "\(result.stderr)")
          let line = try await host.succeed("grep -F etc/shop/changes /run/seen || true")
          let sum = wanted.isEmpty ? "" : try await host.succeed("echo \(wanted) | md5sum")
          #expect(line.isEmpty == wanted.isEmpty && line.hasSuffix(sum), "\(what): \(line)")
        } else {
          #expect(result.status == 0, "\(what): \(result.stderr)")
          #expect(result.stderr.contains("against the new files: checks 1/1 ok"), "\(what): \(result.stderr)")
          let now = try await host.succeed("look")
          #expect(seen.contains("usr/share/shop/deep/down/leaf") && !seen.contains("old-plugin"), "\(what): \(seen)")
          #expect(seen == now || seen == now + "\n", "\(what)\nseen:\n\(seen)\nnow:\n\(now)")
        }
        try await host.succeed(
          """
          umount /usr/local/lib 2> /dev/null || :
          rm -f /etc/dpkg/dpkg.cfg.d/site; sed -i /path-/d /etc/dpkg/dpkg.cfg
          dpkg -P shop; rm -rf /etc/shop /opt/shop /srv/elsewhere
          dpkg-divert --quiet --local --rename --remove /usr/share/shop/words
          dpkg-statoverride --list | while read -r _ _ _ path; do dpkg-statoverride --remove "$path"; done
          """)
      }
    }
  }

  private func publish(_ host: Host) async throws {
    try await host.write("/usr/local/bin/look", Self.look, mode: "0755")
    // The baseline asks the same of the old files, afterwards.
    let belay = """
      checks:
        - {name: sees, run: "[ -e /run/seen ] || look > /run/seen", stage: before}
      """
    let old = [
      "/etc/shop/changes": "1\n", "/etc/shop/stays": "always\n", "/etc/shop/leaves": "1\n",
      "/usr/lib/shop/old-plugin": "1\n", "/lib/shop-tools/tool": "1\n", "/opt/shop/tool": "1\n",
      "/usr/share/shop/words": "1\n",
    ]
    let new = [
      "/etc/shop/changes": "2\n", "/etc/shop/stays": "always\n", "/etc/shop/new": "2\n",
      "/lib/shop-tools/tool": "2\n", "/lib/shop-tools/more": "2\n", "/opt/shop/tool": "2\n", "/opt/shop/bin/x": "2\n",
      "/usr/share/shop/words": "2\n", "/usr/share/shop/deep/down/leaf": "2\n",
    ]
    let shelf = ReleaseShelf.shared
    try await host.repository.add([
      try await shelf.deb("placed 1.0") { TestRelease("1.0", belay: belay, files: old) },
      try await shelf.deb("placed 2.0") { TestRelease("2.0", belay: belay, files: new) },
    ])
    try await host.succeed("touch /run/seen")
  }
}
