/// belay's package over belay's package.
extension ShopCase {
  static let oursToOurs: [ShopCase] = [
    .init(
      name: "first install", action: "i shop 1.0", calls: ["new preinst install", "old postinst configure"],
      status: "install ok installed 1.0", answers: "1.0", state: "committed"),
    .init(
      name: "upgrade", before: ["i shop 1.0"], action: "i shop 2.0", calls: upgradeCalls("1.0", "2.0"),
      status: "install ok installed 2.0", answers: "2.0", state: "committed"),
    .init(
      name: "downgrade", before: ["i shop 2.0"], action: "i shop 1.0", calls: upgradeCalls("2.0", "1.0"),
      status: "install ok installed 1.0", answers: "1.0", state: "committed"),
    .init(
      name: "reinstall", before: ["i shop 1.0"], action: "i shop 1.0", calls: upgradeCalls("1.0", "1.0"),
      status: "install ok installed 1.0", answers: "1.0", state: "committed"),
    .init(
      name: "one that is only unpacked is finished first", before: ["unpack shop 1.0"], action: "i shop 2.0",
      succeeds: false, calls: ["new preinst upgrade 1.0 2.0", "new postrm abort-upgrade 1.0 2.0"],
      status: "install ok unpacked 1.0", answers: nil, state: "unpacked"),
    .init(
      name: "over what remove left", before: ["i shop 1.0", "dpkg -r shop"], action: "i shop 2.0",
      calls: ["new preinst install 1.0 2.0", "old postinst configure 1.0"], status: "install ok installed 2.0",
      answers: "2.0", state: "committed"),
    .init(
      name: "postinst fails: back in seconds", before: ["i shop 1.0"], action: "i shop 3.0", succeeds: false,
      calls: upgradeCalls("1.0", "3.0"), status: "install ok installed 1.0", answers: "1.0", state: "returned"),
    .init(
      name: "the service does not start: back in seconds", before: ["i shop 1.0"], action: "i shop 4.0",
      succeeds: false, calls: upgradeCalls("1.0", "4.0"), status: "install ok installed 1.0", answers: "1.0",
      state: "returned"),
    .init(
      name: "first install fails: removed", action: "i shop 3.0", succeeds: false,
      calls: ["new preinst install", "old postinst configure"], status: "deinstall ok config-files 3.0", answers: nil,
      state: "returned"),
    .init(
      name: "U2: preinst refuses", before: ["i shop 1.0"], action: "i shop 2.greedy", succeeds: false,
      calls: [
        "old prerm upgrade 2.greedy", "new preinst upgrade 1.0 2.greedy", "new postrm abort-upgrade 1.0 2.greedy",
        "old postinst abort-upgrade 2.greedy",
      ], atOnce: "install ok installed 1.0", status: "install ok installed 1.0", answers: "1.0", state: "refused",
      outage: .zero),
    .init(
      name: "U3a: preinst refuses a first install", action: "i shop 2.greedy", succeeds: false,
      calls: ["new preinst install", "new postrm abort-install"], atOnce: "not-installed", status: "not-installed",
      answers: nil),
    .init(
      name: "U2: the unpack fails", before: ["i shop 1.0", "i other 1"], action: "i shop 2.clashing", succeeds: false,
      calls: [
        "old prerm upgrade 2.clashing", "new preinst upgrade 1.0 2.clashing", "new postrm abort-upgrade 1.0 2.clashing",
        "old postinst abort-upgrade 2.clashing",
      ], atOnce: "install ok installed 1.0", status: "install ok installed 1.0", answers: "1.0", state: "aborted",
      outage: .zero),
    .init(
      name: "the bad version is refused once it came back", before: ["i shop 1.0", "try-i shop 3.0", returned],
      action: "i shop 3.0", succeeds: false,
      calls: [
        "old prerm upgrade 3.0", "new preinst upgrade 1.0 3.0", "new postrm abort-upgrade 1.0 3.0",
        "old postinst abort-upgrade 3.0",
      ], atOnce: "install ok installed 1.0", status: "install ok installed 1.0", answers: "1.0", state: "refused",
      outage: .zero),
    .init(
      name: "another version after one that came back", before: ["i shop 1.0", "try-i shop 3.0", returned],
      action: "i shop 2.0", calls: upgradeCalls("1.0", "2.0"), status: "install ok installed 2.0", answers: "2.0",
      state: "committed"),
    .init(
      name: "remove", before: ["i shop 1.0"], action: "dpkg -D2 -r shop",
      calls: ["old prerm remove", "old postrm remove"],
      status: "deinstall ok config-files 1.0", answers: nil, state: "committed"),
    .init(
      name: "purge", before: ["i shop 1.0"], action: "dpkg -D2 -P shop",
      calls: ["old prerm remove", "old postrm remove", "old postrm purge"], status: "not-installed", answers: nil),
    .init(
      name: "U5: deconfigured and back", before: ["i shop 1.0"], failing: ["breaker/1 preinst install"],
      action: "unpack breaker 1", succeeds: false,
      calls: [
        "old prerm deconfigure in-favour breaker 1", "new preinst install", "new postrm abort-install",
        "old postinst abort-deconfigure in-favour breaker 1",
      ], atOnce: "install ok installed 1.0", status: "install ok installed 1.0", answers: "1.0", state: "committed"),
    .init(
      name: "configured again after it was deconfigured",
      before: ["i shop 1.0", "unpack breaker 1", "dpkg --force-depends -r breaker"], action: "dpkg -D2 --configure -a",
      calls: ["old postinst configure 1.0"], status: "install ok installed 1.0", answers: "1.0", state: "committed"),
    .init(
      name: "U4: its removal for a rival is called off", before: ["i shop 1.0"], failing: ["rival/1 preinst install"],
      action: "i rival 1", succeeds: false,
      calls: [
        "old prerm remove in-favour rival 1", "new preinst install", "new postrm abort-install",
        "old postinst abort-remove in-favour rival 1",
      ], atOnce: "install ok installed 1.0", status: "install ok installed 1.0", answers: "1.0", state: "committed"),
    .init(
      name: "11: it disappears in another package",
      before: [
        "i shop 1.0",
        "dpkg-deb -R /srv/repo/shop_1.0_all.deb /tmp/tree && cd /tmp/tree/DEBIAN && rm preinst postinst prerm postrm"
          + " && sed -i 's/^Package: .*/Package: swallow\\nReplaces: shop/' control && dpkg-deb -b /tmp/tree /tmp/swallow.deb",
      ], action: "dpkg -D2 -i /tmp/swallow.deb", calls: ["old postrm disappear swallow 1.0"], status: "not-installed",
      answers: "1.0"),
    .init(
      name: "15: dpkg-reconfigure", before: ["i shop 1.0"], action: "dpkg-reconfigure shop", calls: [],
      status: "install ok installed 1.0", answers: "1.0", state: "committed"),
  ]

  static func upgradeCalls(_ old: String, _ new: String) -> [String] {
    [
      "old prerm upgrade \(new)", "new preinst upgrade \(old) \(new)", "old postrm upgrade \(new)",
      "old postinst configure \(old)",
    ]
  }

  /// Waits until a return is over.
  static let returned =
    stateFunction + "; for try in $(seq 300); do [ \"$(state)\" = returned ] && exit; sleep 0.05; done; exit 1"
}
