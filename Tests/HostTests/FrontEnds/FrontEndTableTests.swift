import TestSupport
import Testing

/// Every row of docs/frontends.md with the real program: a version that fails, then one that works.
@Suite(.needsHost) struct FrontEndTableTests {
  @Test(arguments: try FrontEnd.all()) func endsAsTheTableSays(_ front: FrontEnd) async throws {
    if front.name == "pkcon update, packagekitd older than the hook" {
      try await Host.booted(.frontends) { host in
        try await host.publishFrontEndShop()
        try await host.succeed("pkcon -p refresh; pgrep packagekitd")
        let before = try await host.useFrontEndShop()
        try await host.succeed("pkcon -p get-updates")
        try await play(front, in: host, before)
      }
    } else {
      let shop = try await FrontEndShop.shared.layer()
      try await Host.booted(on: shop.layer) { host in
        try await play(front, in: host, shop.state)
      }
    }
  }

  private func play(_ front: FrontEnd, in host: Host, _ before: ShopState) async throws {
    // Any run of aptitude takes away the holds of dpkg's that it did not set itself (T, without belay).
    if front.name.hasPrefix("aptitude") {
      try await host.succeed("apt-mark unhold zother")
      try await host.write("/etc/apt/preferences.d/zother", "Package: zother\nPin: version 2\nPin-Priority: -1\n")
    }
    let surroundings = try await host.surroundings()
    let look = "ls /var/lib/belay/shop/open > /run/open 2> /dev/null"
    let failed = try await host.run("\(front.command(to: "2.0")); code=$?; \(look); exit $code", timeout: .seconds(180))
    let output = failed.stdout + failed.stderr
    #expect(failed.status == front.exit, "\(output)")
    if front.takenBackBy != "unit" { #expect(try await host.read("/run/open") == "", "\(output)") }
    #expect(try await host.verdict() == "returned 1", "\(output)")
    try await expectTold(by: front, output, in: host)
    var after = try await host.shop()
    if front.marksManual { after.parts["auto"] = before["auto"] }
    let changed = after.difference(from: before)
    #expect(changed.isEmpty, "\(changed)\n\(output)")
    let rest = try await host.surroundings()
    #expect(rest == surroundings, "\(output)")
    let other = try await host.status(of: "other")
    if !front.isInSets { #expect(other == "install ok installed \(front.isOfOneFile ? "1" : "2")") }

    try await host.propose("3.0")
    let worked = try await host.run(front.command(to: "3.0"))
    #expect(worked.status == 0, "\(worked.stdout)\(worked.stderr)")
    #expect(try await host.verdict() == "committed 0", "\(worked.stdout)\(worked.stderr)")
    let now = try await host.shop()
    #expect(now["serves"] == "3.0" && now["entries"] == "first" && now["ledger"] == "v2|row|end")
    for part in ["etc", "selection", "enabled", "active", "notwhole", "leftovers"] {
      #expect(now[part] == before[part])
    }
    if !front.namesIt { #expect(now["auto"] == before["auto"]) }
    let restNow = try await host.surroundings()
    #expect(restNow == surroundings, "\(worked.stdout)\(worked.stderr)")
    if !front.isOfOneFile { #expect(try await host.status(of: "other") == "install ok installed 2") }
  }

  /// What happened is read where the table says, and nowhere is it missing.
  private func expectTold(by front: FrontEnd, _ output: String, in host: Host) async throws {
    let sentence = "RETURNED. 1.0 is installed, serving and checked"
    #expect(output.contains(sentence) == (front.place == "its output"), "\(output)")
    let unit = try await host.succeed("journalctl -o cat -u belay-shop-deferred")
    if front.takenBackBy != "hook or unit" { #expect(unit.contains(sentence) == (front.takenBackBy == "unit")) }
    if front.place.hasPrefix("/") { #expect(try await host.read(front.place).contains(sentence)) }
    #expect(try await host.succeed("belay-shop log").contains(sentence))
  }
}
