import TestSupport
import Testing

/// Nobody else's apt run fails because of us: invariant 9.
@Suite(.needsHost) struct HookTests {
  /// What can be wrong with belay's own files when another package is installed.
  static let states = [
    "true", "rm -rf /var/lib/belay", "rm /usr/sbin/belay-shop", "rm /var/lib/belay/shop/belay",
    "rm -rf /var/lib/belay/shop/transactions", "chmod 000 /var/lib/belay/shop/belay",
    "echo 2 > /var/lib/belay/shop/format", ": > /var/lib/belay/shop/belay", "rm -rf /run/belay", "dpkg -r shop",
    "dpkg -P shop", "ln -sfn transactions/none /var/lib/belay/shop/open",
  ]

  @Test func anotherPackageIsNotDisturbed() async throws {
    try await Host.booted { host in
      try await host.publishShop()
      for state in Self.states {
        try await host.succeed(
          "mkdir -p /srv/ledger; printf 'v1\\nend\\n' > /srv/ledger/rows; apt-get -q -y install shop=1.0 other=1")
        try await host.succeed(state)
        for path in ["/usr/sbin:/usr/bin:/sbin:/bin", "/usr/sbin:/usr/bin:/sbin:/bin:/tmp/no such;x:."] {
          let other = path.hasSuffix(".") ? 1 : 2
          let result = try await host.run(
            "PATH='\(path)' IFS=x CDPATH=/tmp apt-get -q -y --allow-downgrades install other=\(other)")
          #expect(result.status == 0, "\(state)\n\(result.stderr)")
          #expect(!result.stderr.contains("not found"), "\(state)\n\(result.stderr)")
        }
        let hook = try await host.run("sh /var/lib/belay/shop/belay settle hook < /dev/null")
        if state == "true" { #expect(hook.status == 0 && hook.stderr.isEmpty) }
        try await host.succeed(
          "dpkg -P shop 2> /dev/null || :; rm -rf /var/lib/belay /etc/apt/apt.conf.d/60belay-shop.conf")
      }
    }
  }

  /// While a return is owed and cannot be done, others can.
  @Test func anotherPackageWhileAReturnIsOwed() async throws {
    try await Host.booted { host in
      try await host.publishShop()
      let before = try await host.useShop()
      try await host.succeed(
        "printf '#!/bin/sh\\nexit 1\\n' > /usr/local/sbin/systemd-run; chmod 755 /usr/local/sbin/systemd-run;"
          + " ! dpkg --force-confold -i /srv/repo/shop_2.0_all.deb")
      let result = try await host.apt("install other=2")
      #expect(try await host.status(of: "other") == "install ok installed 2", "\(result.stderr)")
      // That run's hook has paid what was owed.
      #expect(try await host.verdict() == "returned 1")
      let after = try await host.shop()
      let changed = after.difference(from: before)
      #expect(changed.isEmpty)
    }
  }
}
