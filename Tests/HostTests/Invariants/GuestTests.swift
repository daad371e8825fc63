import TestSupport
import Testing

/// Chroots, hosts without an init, DPKG_ROOT; and a host that has nothing but what is Essential: invariants 7 and 8.
@Suite(.needsHost) struct GuestTests {
  /// Everything on the host that a guest must not touch, and every process.
  private static let surroundings = #"""
    find /etc/systemd /run/systemd/transient /run/systemd/system /etc/cron.d -xdev \( -type f -o -type l \) 2> /dev/null |
      grep -vE '/shop(\.service)?$' | sort
    ps -eo comm= | grep -vxE 'ps|grep|sort|bash|timeout|find|setpriv' | sort
    """#

  @Test func withoutAnInit() async throws {
    try await Host.bare { host in
      try await host.publishShop()
      let before = try await host.succeed(Self.surroundings)
      try await host.succeed("mkdir -p /srv/ledger; printf 'v1\\nrow\\nend\\n' > /srv/ledger/rows")
      for version in ["1.0", "3.0"] {
        let result = try await host.apt("install shop=\(version)")
        #expect(result.status == 0, "\(result.stderr)")
        #expect(try await host.status(of: "shop") == "install ok installed \(version)")
        let status = try await host.run("belay-shop status")
        #expect(status.status == 3 && status.stdout.contains("UNPROVEN"))
      }
      // A broken release is no better known here, and nothing can be said against it.
      #expect(try await host.succeed(Self.surroundings) == before)
      #expect(try await host.read("/srv/ledger/rows").hasPrefix("v1"))
      try await host.succeed("apt-get -q -y purge shop")
      #expect(try await host.succeed(Self.surroundings) == before)
      #expect(try await host.exists("/var/lib/belay") == false)
    }
  }

  @Test func inAChrootOfABootedHost() async throws {
    try await Host.booted { host in
      try await host.publishShop()
      try await host.succeed(
        "mkdir /target; mount --bind / /target; mount -t proc proc /target/proc; mount --bind /srv/repo /target/srv/repo"
      )
      try await host.succeed("mkdir -p /srv/ledger; printf 'v1\\nrow\\nend\\n' > /srv/ledger/rows")
      let before = try await host.succeed(Self.surroundings)
      let units = try await host.succeed("systemctl list-units --all --no-legend --plain | cut -d' ' -f1 | sort")
      let result = try await host.run("chroot /target dpkg -i /srv/repo/shop_2.0_all.deb")
      #expect(result.status == 0, "\(result.stderr)")
      #expect(try await host.status(of: "shop") == "install ok installed 2.0")
      let now = try await host.succeed(Self.surroundings)
      #expect(now.split(separator: "\n").filter { !before.contains($0) }.isEmpty)
      #expect(try await host.succeed("systemctl list-units --all --no-legend --plain | cut -d' ' -f1 | sort") == units)
      #expect(try await host.succeed("systemctl is-active shop || :") == "inactive")
      let status = try await host.run("chroot /target belay-shop status")
      #expect(status.status == 3 && status.stdout.contains("UNPROVEN"))
    }
  }

  @Test func inADirectoryOfDpkgs() async throws {
    try await Host.booted { host in
      try await host.publishShop()
      try await host.succeed(
        #"""
        mkdir -p /target/var/lib/dpkg/updates /target/var/lib/dpkg/info /target/etc; touch /target/var/lib/dpkg/status
        touch /run/before; sleep 0.1
        """#)
      let before = try await host.succeed(Self.surroundings)
      let result = try await host.run(
        "dpkg --root=/target --force-script-chrootless --force-depends -i /srv/repo/shop_2.0_all.deb")
      #expect(result.status == 0, "\(result.stderr)")
      #expect(try await host.succeed("dpkg-query --root=/target -W -f '${Status}' shop") == "install ok installed")
      #expect(try await host.succeed(Self.surroundings) == before)
      let touched = try await host.succeed(
        "find /etc /var /usr /srv /opt -xdev -newer /run/before -type f ! -path '/var/log/*'")
      #expect(touched == "")
      let removed = try await host.run("dpkg --root=/target --force-script-chrootless --purge shop")
      #expect(removed.status == 0, "\(removed.stderr)")
    }
  }

  /// Every program of a package that is neither Essential nor apt's, dpkg's or the init's own is replaced by one that tells.
  @Test func withEssentialProgramsOnly() async throws {
    try await Host.booted { host in
      try await host.publishShop()
      try await host.succeed(Self.hideOptionalPrograms)
      let before = try await host.useShop()
      _ = try await host.apt("install shop=2.0", options: "-o Dpkg::Options::=--force-confold")
      #expect(try await host.verdict() == "returned 1")
      let after = try await host.shop()
      let changed = after.difference(from: before)
      #expect(changed.isEmpty)
      _ = try await host.run("dpkg --force-confold -i /srv/repo/shop_3.0_all.deb")
      #expect(try await host.verdict() == "committed 0")
      try await host.succeed(
        "for verb in check verify history log; do belay-shop $verb; done; apt-get -q -y purge shop")
      let missed = try await host.succeed("sort -u /run/missed 2> /dev/null || :")
      #expect(missed == "")
    }
  }

  private static let hideOptionalPrograms = #"""
    kept=$(dpkg-query -W -f '${Essential} ${Package}\n' | sed -n 's/^yes //p'
      echo apt; echo debconf; echo perl-base; echo systemd; echo systemd-sysv; echo init-system-helpers; echo dbus; echo adduser; echo passwd)
    kept="$kept $(dpkg-query -W -f '${Pre-Depends}, ${Depends}\n' $kept | tr ',' '\n' | sed 's/^ *//; s/[ :(|].*//' | sort -u)"
    for package in $kept; do dpkg -L "$package" 2> /dev/null; done | sed 's|^/usr/|/|' | sort -u > /run/kept
    printf '#!/bin/sh\necho "${0##*/}" >> /run/missed\nexit 127\n' > /run/missing; chmod 755 /run/missing
    for program in /usr/bin/* /usr/sbin/*; do
      [ -f "$program" ] && [ ! -L "$program" ] || continue
      grep -qxF "${program#/usr}" /run/kept || { rm "$program" && cp /run/missing "$program"; }
    done
    """#
}
