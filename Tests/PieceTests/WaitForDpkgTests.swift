import TestSupport
import Testing

/// When the unit that waits for dpkg begins the interim (`lock.sh`).
@Suite(.needsHost) struct WaitForDpkgTests {
  /// A run that has more than twenty packages to configure is not over soon: one look at the failed attempt is enough.
  ///
  /// What is counted are looks, so that no machine is too slow for it.
  @Test(arguments: [
    (packages: 21, configured: 0, looks: 1), (packages: 20, configured: 0, looks: 5),
    (packages: 21, configured: 1, looks: 5),
  ]) func aLongRunIsNotWaitedFor(_ run: (packages: Int, configured: Int, looks: Int)) async throws {
    try await Pieces.with { pieces in
      try await pieces.host.write("/root/make.sh", Self.unpacked)
      try await pieces.host.succeed("sh /root/make.sh \(run.packages) \(run.configured)")
      let lock = try await pieces.host.holdLock()
      try await pieces.host.write(
        "/root/test.sh",
        """
        . /root/pieces.sh
        ln -s "$tx" "$state/open"
        for n in $(seq \(run.packages)); do echo "p$n - - none < 1 all none /srv/p$n.deb"; done > "$tx/run"
        echo 'gone 1 all none > - - none **REMOVE**' >> "$tx/run"
        printf 'now\\tstate\\tchecking\\t\\t.\\nnow\\tfact\\tfailed\\ta check\\t.\\n' > "$tx/journal"
        came=0
        wait_for_dpkg interim || came=$?
        exit "$came"
        """)
      let waited = try await pieces.host.run(
        "strace -f -qq -e trace=openat,open -o /root/trace \(pieces.command)", timeout: .seconds(60))
      #expect(waited.status == 3, "\(waited.stderr)")
      let looks = try await pieces.host.succeed("grep -c 'shop/open/journal\"' /root/trace")
      #expect(looks == "\(run.looks)")
      try await lock.release()
    }
  }

  /// PACKAGES CONFIGURED: unpacks p1 … and configures the first ones.
  private static let unpacked = """
    for n in $(seq "$1"); do
      mkdir -p "/srv/p$n/DEBIAN"
      printf 'Package: p%s\\nVersion: 1\\nArchitecture: all\\nMaintainer: a test\\nDescription: one of many\\n' "$n" > "/srv/p$n/DEBIAN/control"
      dpkg-deb -Znone -b "/srv/p$n" "/srv/p$n.deb"
    done > /dev/null
    dpkg --unpack /srv/p*.deb
    for n in $(seq "$2"); do dpkg --configure "p$n"; done

    """
}
