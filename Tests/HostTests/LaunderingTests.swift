import TestSupport
import Testing

/// A version that failed is never recorded as installed, whatever is tried while its return has to wait (invariant 2).
@Suite(.needsHost) struct LaunderingTests {
  /// What people and tools do to a failed package, and what dpkg has on record afterwards.
  private static let attempts: [(command: String, status: String)] = [
    ("dpkg --configure -a", "install ok half-configured 3.0"),
    ("dpkg --configure shop", "install ok half-configured 3.0"),
    ("dpkg -i /srv/repo/shop_3.0_all.deb", ""),
    ("dpkg -i /srv/repo/shop_2.0_all.deb", ""),
    ("touch /fail/shop.9.0.preinst.upgrade; dpkg -i /srv/repo/shop_9.0_all.deb", ""),
    ("touch /fail/rival.1.preinst.install; dpkg -i /srv/repo/rival_1_all.deb", ""),
    ("dpkg --unpack --auto-deconfigure /srv/repo/breaker_1_all.deb; dpkg -r --force-depends breaker", ""),
    ("dpkg-reconfigure shop", ""),
    ("dpkg --triggers-only -a", "install ok half-configured 3.0"),
    ("sh /var/lib/dpkg/info/shop.postinst configure 1.0", "install ok half-configured 3.0"),
  ]

  @Test(arguments: attempts.indices) func attempt(_ index: Int) async throws {
    let (command, status) = Self.attempts[index]
    let shelf = try await ShopShelf.directory()
    try await Host.booted { host in
      try await host.repository.copy(shelf)
      try await host.succeed("mkdir /fail; dpkg -i /srv/repo/shop_1.0_all.deb")
      // apt is still at work, so the return waits: as in a long dist-upgrade.
      let lock = try await host.holdLock()
      let apt = ["DPKG_FRONTEND_LOCKED": "true"]
      let failed = try await host.run("dpkg -i /srv/repo/shop_3.0_all.deb", environment: apt)
      #expect(failed.status == 1)
      let before = try await host.status(of: "shop")
      #expect(before == "install ok half-configured 3.0")
      let result = try await host.run(command, environment: apt)
      let after = try await host.status(of: "shop")
      #expect(after != "install ok installed 3.0", "\(command): \(result.stdout)\(result.stderr)")
      if !status.isEmpty { #expect(after == status, "\(command): \(result.stdout)\(result.stderr)") }
      // And when apt is done, the old version comes back all the same.
      try await lock.release()
      try await host.until(
        #"[ "$(dpkg-query -W -f '${Status} ${Version}' shop)" = 'install ok installed 1.0' ]"#, within: .seconds(20))
      try await host.until(ShopCase.stateFunction + "; case $(state) in returned | refused) ;; *) false ;; esac")
      #expect(try await host.run(ShopCase.ask).stdout == "1.0")
    }
  }
}
