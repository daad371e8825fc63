import TestSupport
import Testing

/// One reason why there is no way back, or no copy of the state: invariant 1.
struct Refusal: Sendable, CustomTestStringConvertible {
  let name: String
  /// false: no archive has the old version, and its files cannot be packed again.
  var hasOther = true
  /// What makes it so, as root on the host, after 1.0 was installed.
  var arrange = "true"
  /// The release that is tried.
  var belay = TestRelease.richBelay()
  /// The room on the host's disk.
  var size = "2G"
  /// How apt is started.
  var run = "apt-get"
  /// Whether the shop can be the old one without belay.
  var foreignToo = true

  var testDescription: String { name }

  private static let cached = "/var/cache/apt/archives/shop_1.0_all.deb"

  static let all: [Refusal] = [
    .init(name: "nowhere a previous .deb", hasOther: false, arrange: "rm -rf /var/lib/belay/shop/kept"),
    .init(
      name: "the kept .deb is cut off",
      hasOther: false, arrange: "truncate -s -700 /var/lib/belay/shop/kept/*.deb", foreignToo: false),
    .init(
      name: "a bit of the kept .deb is flipped",
      hasOther: false,
      arrange: "printf '\\377' | dd of=$(ls /var/lib/belay/shop/kept/*.deb) bs=1 seek=900 conv=notrunc status=none",
      foreignToo: false),
    .init(
      name: "another version under the right name in apt's cache",
      hasOther: false,
      arrange: "rm -rf /var/lib/belay/shop/kept; cp /srv/repo/shop_3.0_all.deb " + cached),
    .init(
      name: "another build of the version in apt's cache",
      hasOther: false,
      arrange: "rm -rf /var/lib/belay/shop/kept; cp /srv/other/shop_1.0_all.deb " + cached),
    .init(name: "the dump fails", belay: TestRelease.richBelay(dump: "cat /srv/ledger/rows; exit 3")),
    .init(name: "the dump is empty", belay: TestRelease.richBelay(dump: "true")),
    .init(name: "verify fails", belay: TestRelease.richBelay(verify: "grep -qx no-such-line")),
    .init(name: "verify passes on a truncated copy", belay: TestRelease.richBelay(verify: "grep -qx v1")),
    .init(
      name: "a path cannot be read", arrange: "mkdir /opt/data && mkfifo /opt/data/pipe",
      belay: TestRelease.richBelay(paths: "    - {path: /opt/data/pipe, restore_when: always}")),
    .init(
      name: "a file of a path gives an I/O error",
      arrange: #"""
        mv /usr/bin/tar /usr/bin/tar.real
        cat > /usr/bin/tar << 'END'
        #!/bin/sh
        case " $* " in *' --create '*) echo 'tar: entries: Cannot open: Input/output error' >&2; exit 2 ;; esac
        exec /usr/bin/tar.real "$@"
        END
        chmod 755 /usr/bin/tar
        """#),
    .init(
      name: "a mount inside a path", arrange: "mkdir -p /var/lib/shop/a && mount -t tmpfs tmpfs /var/lib/shop/a"),
    .init(
      name: "a path is larger than allowed", arrange: "head -c 3000000 /dev/urandom > /srv/big",
      belay: TestRelease.richBelay(paths: "    - {path: /srv/big, restore_when: always, max_size: 1M}")),
    .init(
      name: "no space for the copy", arrange: "head -c 60000000 /dev/zero | tr '\\0' x > /var/lib/shop/big",
      size: "200M"),
    .init(name: "a gate fails", belay: TestRelease.richBelay(gates: "gates: {free_space: 900T}")),
    .init(
      name: "a check fails against the new files",
      belay: TestRelease.richBelay() + "\n  - {name: parses, run: grep -qx 1.0 /usr/lib/shop/version, stage: before}"),
    .init(
      name: "apt runs inside the service",
      run: "echo $$ > /sys/fs/cgroup/system.slice/shop.service/cgroup.procs; apt-get", foreignToo: false),
    .init(
      name: "/usr is read-only", run: "mount --bind /usr /usr; mount -o remount,bind,ro /usr; apt-get",
      foreignToo: false),
    .init(
      name: "a dependent needs the new version and has no way back",
      hasOther: false,
      arrange: "dpkg -i /srv/other/shop-plugin_1_all.deb; rm /srv/other/shop-plugin_1_all.deb;"
        // Nor can it be rebuilt.
        + " echo 'path-exclude=/nothing' > /etc/dpkg/dpkg.cfg.d/exclude",
      foreignToo: false),
  ]
}

@Suite(.needsHost) struct RefusalTests {
  @Test(arguments: Refusal.all) func nothingIsChanged(_ refusal: Refusal) async throws {
    try await Host.booted(load: .waiting, size: refusal.size) { host in
      try await host.publishShop()
      try await bringOthers(to: host, refusal)
      try await host.useShop()
      try await arrange(refusal, in: host)
      let before = try await host.shop()
      let prober = try await host.startProber()
      let plugin = refusal.name.contains("dependent") ? "/srv/other/shop-plugin_2_all.deb" : ""
      let result = try await host.run("\(refusal.run) \(Self.install) other=2 zother=2 \(plugin)")
      #expect(result.status == 100)
      let after = try await host.shop()
      let changed = after.difference(from: before)
      #expect(changed.isEmpty, "\(result.stderr)")
      let answers = try await prober.stop()
      #expect(answers.missed.isEmpty && answers.versions == ["1.0"])
      let others = [try await host.status(of: "other"), try await host.status(of: "zother")]
      #expect(others == ["install ok installed 1", "install ok installed 1"])
      let verdict = try await host.verdict()
      #expect(verdict == "refused 1", "\(result.stderr)")
    }
  }

  @Test(arguments: Refusal.all.filter(\.foreignToo)) func aForeignVersionServesAgain(_ refusal: Refusal) async throws {
    try await Host.booted(load: .waiting, size: refusal.size) { host in
      try await host.publishShop()
      try await bringOthers(to: host, refusal)
      try await host.useShop("dpkg -i /srv/other/old/shop_1.0_all.deb; apt-get install -q -y other=1 zother=1")
      try await arrange(refusal, in: host)
      var before = try await host.shop()
      let prober = try await host.startProber()
      let result = try await host.run("\(refusal.run) \(Self.install)")
      #expect(result.status == 100)
      try await host.until("exec 3<> /dev/tcp/127.0.0.1/8080", within: .seconds(5))
      let after = try await host.shop()
      // The explicit request and dpkg itself have changed both before the first script of ours is called.
      for mark in ["auto", "selection"] { before.parts[mark] = after[mark] }
      before.parts["package"] = "install ok installed 1.0"
      let changed = after.difference(from: before)
      #expect(changed.isEmpty, "\(result.stderr)")
      let answers = try await prober.stop()
      #expect(answers.longestOutage < .seconds(5) && answers.versions == ["1.0"])
      let monitoring = try await host.read("/run/belay/shop.json")
      #expect(monitoring.contains(#""state": "refused""#))
    }
  }

  private static let install =
    "-q -y --allow-change-held-packages -o Dpkg::Options::=--force-confold install /srv/other/shop_4.0_all.deb"

  private func arrange(_ refusal: Refusal, in host: Host) async throws {
    if !refusal.hasOther {
      try await host.repository.remove("shop_1.0_*")
      try await host.succeed("apt-get clean; dpkg-statoverride --add --update root root 0644 /usr/lib/shop/version")
    }
    try await host.succeed(refusal.arrange)
  }

  /// Files outside the index: the release that is tried, another build of 1.0, 1.0 without belay whose prerm stops it.
  private func bringOthers(to host: Host, _ refusal: Refusal) async throws {
    let shelf = ReleaseShelf.shared
    let tried = try await shelf.deb("refusal \(refusal.belay)") {
      TestRelease("4.0", belay: refusal.belay, configuration: "port=8080\nnew=yes\n")
    }
    let another = try await shelf.deb("1.0 another build") {
      TestRelease(
        "1.0", belay: TestRelease.richBelay(migrates: false), files: ["/usr/share/shop/more": "another build\n"])
    }
    let old = try await shelf.foreign("1.0 stopping") {
      var package = TestRelease("1.0").foreign
      package.scripts["prerm"] = "#!/bin/sh\nset -e\ndeb-systemd-invoke stop shop.service\n"
      return package
    }
    try await host.bring(tried, to: "/srv/other/shop_4.0_all.deb")
    try await host.bring(another, to: "/srv/other/shop_1.0_all.deb")
    try await host.bring(old, to: "/srv/other/old/shop_1.0_all.deb")
    for version in ["1", "2"] {
      let plugin = try await shelf.foreign("plugin \(version)") {
        ForeignPackage("shop-plugin", version, fields: ["Depends": version == "1" ? "shop" : "shop (>= 4)"])
      }
      try await host.bring(plugin, to: "/srv/other/shop-plugin_\(version)_all.deb")
    }
  }
}
