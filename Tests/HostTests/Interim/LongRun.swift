import TestSupport
import Testing

/// An apt run that is not over when shop has failed: its last package waits in a trigger, which dpkg calls when all else is configured.
enum LongRun {
  /// The package that waits while `/run/slow-wait` is there; with `/run/slow-until-interim` only until the interim is decided.
  static func package(_ version: String = "1") -> ForeignPackage {
    var package = ForeignPackage("slow", version, scripts: ["postinst": waiting])
    package.control = ["triggers": "interest slow-trigger\n"]
    return package
  }

  private static let waiting = #"""
    #!/bin/sh
    case $1 in
    configure) dpkg-trigger slow-trigger ;;
    triggered)
      [ ! -e /run/slow-wait ] || touch /run/slow.reached
      tries=0
      while [ -e /run/slow-wait ] && [ "$tries" -lt 600 ]; do
        tries=$((tries + 1))
        sleep 0.05
        if [ -e /run/slow-until-interim ]; then
          if grep -qs 'interim_served\|interim_not' /var/lib/belay/shop/open/journal; then break; fi
        fi
      done
      ;;
    esac

    """#
}

extension Host {
  /// Updates shop to 2.0, which fails, in a run that does not end before `endLongRun`; returns when that is waiting.
  func beginLongRun(_ packages: String = "shop=2.0 slow=1", fault: String = "") async throws {
    try await write("/run/slow-wait", "")
    if !fault.isEmpty { try await write("/var/lib/belay/shop/fault", fault) }
    try await succeed(
      "setsid apt-get -q -y --allow-change-held-packages -o Dpkg::Options::=--force-confold install \(packages)"
        + " > /run/command.log 2>&1 < /dev/null &")
    try await until("[ -e /run/slow.reached ]")
  }

  /// Lets the run end, and whoever settles after it.
  func endLongRun() async throws -> String {
    try await succeed("rm -f /run/slow-wait")
    try await commandIsGone()
    return try await read("/run/command.log")
  }

  /// Waits until the interim serves, or cannot.
  func untilInterim(_ fact: String) async throws {
    try await until("grep \(fact) /var/lib/belay/shop/open/journal || { cat /var/lib/belay/shop/open/journal; false; }")
  }

  /// What an interim must not leave.
  func leftOfInterim() async throws -> String {
    try await succeed(
      #"""
      ls -d /run/systemd/system/shop* /run/belay/*.interim* /var/lib/belay/shop/may-start \
        /var/lib/belay/shop/transactions/*/interim 2> /dev/null
      grep interim /proc/*/mountinfo /proc/mounts 2> /dev/null | sort -u
      dpkg --verify shop | grep -v ' c '
      systemctl show -p NeedDaemonReload --value shop | grep yes || :
      """#)
  }
}

extension Host {
  /// The long run ends, and with it the return: the old version is back, whole, and nothing of the interim is left.
  func expectEndOfLongRun(asBefore before: ShopState) async throws {
    let log = try await endLongRun()
    #expect(log.contains("RETURNED. 1.0 is installed, serving and checked"), "\(log)")
    #expect(try await verdict() == "returned 1")
    let changed = try await shop().difference(from: before)
    #expect(changed.isEmpty, "\(log)")
    #expect(try await leftOfInterim() == "")
  }

  /// All is as before but the entries, which were written in the interim too, and nothing of it is left.
  func expect(_ before: ShopState, withEntries entries: String) async throws {
    var after = try await shop()
    #expect(after["entries"] == entries)
    after.parts["entries"] = before["entries"]
    let changed = after.difference(from: before)
    #expect(changed.isEmpty)
    #expect(try await leftOfInterim() == "")
  }
}
