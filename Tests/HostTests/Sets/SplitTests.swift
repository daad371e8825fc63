import TestSupport
import Testing

/// A file that moved to a new package (Breaks and Replaces), and a dependent: cut off, by bare dpkg, and on a first install.
@Suite(.needsHost) struct SplitTests {
  private func publish(_ host: Host) async throws {
    let shelf = ReleaseShelf.shared
    var debs = [
      try await shelf.deb("split 1.0") {
        TestRelease("1.0", files: ["/usr/share/shop/words": "one\n", "/etc/shop/more.conf": "more=1\n"])
      },
      try await shelf.deb("split 2.0") {
        TestRelease("2.0", .answers500, packaging: "depends: [\"shop-data (= 2.0)\"]")
      },
    ]
    let old = "shop (<< 2.0)"
    var data = ForeignPackage(
      "shop-data", "2.0", fields: ["Breaks": old, "Replaces": old],
      files: ["/usr/share/shop/words": "two\n", "/etc/shop/more.conf": "more=2\n"])
    data.conffiles = ["/etc/shop/more.conf"]
    let moved = data
    debs.append(try await shelf.foreign("split data") { moved })
    for version in ["1", "2"] {
      debs.append(
        try await shelf.foreign("split plugin \(version)") {
          var package = ForeignPackage("plugin", version, fields: version == "1" ? [:] : ["Depends": "shop (>= 2)"])
          // The old one, when it is put back, waits for the power to go.
          package.scripts["preinst"] = """
            #!/bin/sh
            [ "$1 $2" = "upgrade 2" ] && [ -e /srv/block ] || exit 0
            : > /run/reached
            while [ -e /run/reached ]; do sleep 0.02; done

            """
          return package
        })
    }
    try await host.repository.add(debs)
  }

  private func isBack(_ host: Host, after how: String) async throws {
    #expect(try await host.verdict() == "returned 1", "\(how)")
    let state = try await host.succeed(
      #"""
      dpkg-query -W -f '${Package} ${db:Status-Status} ${Version}\n' shop plugin shop-data 2> /dev/null | grep -v not-inst
      cat /usr/share/shop/words /etc/shop/more.conf; dpkg -S /usr/share/shop/words; dpkg --verify shop; dpkg --audit
      """#)
    let wanted = "plugin installed 1\nshop installed 1.0\none\nmore=1\n# edited\nshop: /usr/share/shop/words"
    // What is removed leaves its conffiles, as everywhere.
    #expect(
      state.replacing("\nshop-data config-files 2.0", with: "").replacing("\n??5?????? c /etc/shop/more.conf", with: "")
        == wanted, "\(how)")
    #expect(try await host.answer() == "1.0", "\(how)")
  }

  @Test func theFileIsBackWhateverInterrupts() async throws {
    try await Host.booted(load: .waiting, powerCuts: true) { host in
      try await publish(host)
      try await host.succeed("apt-get install -q -y shop=1.0 plugin=1; echo '# edited' >> /etc/shop/more.conf")
      let install = "apt-get install -q -y -o Dpkg::Options::=--force-confold shop=2.0 plugin=2"
      let failed = try await host.run(install)
      #expect(failed.status == 100)
      try await isBack(host, after: "apt: \(failed.stderr)")

      let unblock = "belay-shop unblock 2.0"
      let byDpkg = try await host.run(
        "\(unblock); dpkg --auto-deconfigure --force-confold -i /srv/repo/shop_2.0_all.deb /srv/repo/shop-data_2.0_all.deb /srv/repo/plugin_2_all.deb"
      )
      #expect(byDpkg.status == 1)
      try await isBack(host, after: "dpkg: \(byDpkg.stderr)")

      try await host.succeed(
        "\(unblock); touch /srv/block; sync; setsid sh -c '\(install)' > /run/command.log 2>&1 < /dev/null &")
      try await host.until("[ -e /run/reached ]")
      try await host.succeed("rm /srv/block; sync /srv")
      try await host.powerCut()
      try await isBack(host, after: "a power cut in the middle of the return")

      // Where nothing was before, what needs the new version goes with it.
      try await host.succeed("apt-get purge -q -y shop shop-data plugin")
      let first = try await host.run(install)
      #expect(first.status == 100)
      #expect(try await host.verdict() == "returned 1", "\(first.stderr)")
      let left = try await host.succeed(
        "dpkg-query -W -f '${Package} ${db:Status-Status}\\n' shop plugin 2> /dev/null; dpkg --audit")
      #expect(!left.contains(" installed") && !left.contains("plugin unpacked"), "\(left)")
    }
  }
}
