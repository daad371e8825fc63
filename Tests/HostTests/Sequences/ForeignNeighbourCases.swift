/// belay's package over a foreign one, and the other way round.
extension ShopCase {
  static let foreignToOurs: [ShopCase] = [
    .init(
      name: "adoption", before: ["i shop 0.5"], action: "i shop 1.0", calls: upgradeCalls("0.5", "1.0"),
      status: "install ok installed 1.0", answers: "1.0", state: "committed"),
    .init(
      name: "adoption of a version that no archive has", isPublished: false, before: ["i shop 0.5"],
      action: "i shop 1.0", calls: upgradeCalls("0.5", "1.0"), status: "install ok installed 1.0", answers: "1.0",
      state: "committed"),
    .init(
      name: "postinst fails: a foreign version that no archive has is back in seconds", isPublished: false,
      before: ["i shop 0.5"], action: "i shop 3.0", succeeds: false, calls: upgradeCalls("0.5", "3.0"),
      status: "install ok installed 0.5", answers: "0.5", state: "returned"),
    .init(
      name: "adoption of a version without scripts", before: ["i shop 0.7", "systemctl enable --now shop"],
      action: "i shop 1.0", calls: ["new preinst upgrade 0.7 1.0", "old postinst configure 0.7"],
      status: "install ok installed 1.0", answers: "1.0", state: "committed"),
    .init(
      name: "adoption of a half-configured version", before: ["try-i shop 0.5"],
      failing: ["now 0.5 postinst configure"], action: "i shop 1.0",
      calls: [
        "old prerm upgrade 1.0", "new preinst upgrade 0.5 1.0", "old postrm upgrade 1.0", "old postinst configure",
      ], status: "install ok installed 1.0", answers: "1.0", state: "committed"),
    .init(
      name: "2: the foreign prerm fails", before: ["i shop 0.5"], failing: ["0.5 prerm upgrade"], action: "i shop 1.0",
      calls: [
        "old prerm upgrade 1.0", "new prerm failed-upgrade 0.5 1.0", "new preinst upgrade 0.5 1.0",
        "old postrm upgrade 1.0", "old postinst configure 0.5",
      ], status: "install ok installed 1.0", answers: "1.0", state: "committed"),
    .init(
      name: "10: the foreign postrm fails", before: ["i shop 0.5"], failing: ["0.5 postrm upgrade"],
      action: "i shop 1.0",
      calls: [
        "old prerm upgrade 1.0", "new preinst upgrade 0.5 1.0", "old postrm upgrade 1.0",
        "new postrm failed-upgrade 0.5 1.0", "old postinst configure 0.5",
      ], status: "install ok installed 1.0", answers: "1.0", state: "committed"),
    .init(
      name: "U2: refused, and the foreign prerm has stopped the service", before: ["i shop 0.6"],
      action: "i shop 2.greedy", succeeds: false,
      calls: [
        "old prerm upgrade 2.greedy", "new preinst upgrade 0.6 2.greedy", "new postrm abort-upgrade 0.6 2.greedy",
        "old postinst abort-upgrade 2.greedy",
      ], atOnce: "install ok installed 0.6", status: "install ok installed 0.6", answers: "0.6",
      outage: .seconds(5)),
    .init(
      name: "U2: refused, and the old version has no scripts", before: ["i shop 0.7", "systemctl enable --now shop"],
      action: "i shop 2.greedy", succeeds: false,
      calls: ["new preinst upgrade 0.7 2.greedy", "new postrm abort-upgrade 0.7 2.greedy"],
      atOnce: "install ok installed 0.7", status: "install ok installed 0.7", answers: "0.7", outage: .zero),
    .init(
      name: "postinst fails: the foreign version is back in seconds", before: ["i shop 0.5"], action: "i shop 3.0",
      succeeds: false, calls: upgradeCalls("0.5", "3.0"), status: "install ok installed 0.5", answers: "0.5",
      state: "returned"),
    .init(
      name: "postinst fails: the foreign version that stops is back in seconds", before: ["i shop 0.6"],
      action: "i shop 3.0", succeeds: false, calls: upgradeCalls("0.6", "3.0"), status: "install ok installed 0.6",
      answers: "0.6", state: "returned"),
    .init(
      name: "over what a foreign remove left", before: ["i shop 0.5", "dpkg -r shop"], action: "i shop 1.0",
      calls: ["new preinst install 0.5 1.0", "old postinst configure 0.5"], status: "install ok installed 1.0",
      answers: "1.0", state: "committed"),
  ]

  static let oursToForeign: [ShopCase] = [
    .init(
      name: "the vendor replaces us", before: ["i shop 1.0"], action: "i shop 9.0", calls: upgradeCalls("1.0", "9.0"),
      status: "install ok installed 9.0", answers: "9.0", state: "committed"),
    .init(
      name: "U2: the vendor's preinst fails", before: ["i shop 1.0"], failing: ["9.0 preinst upgrade"],
      action: "i shop 9.0", succeeds: false,
      calls: [
        "old prerm upgrade 9.0", "new preinst upgrade 1.0 9.0", "new postrm abort-upgrade 1.0 9.0",
        "old postinst abort-upgrade 9.0",
      ], atOnce: "install ok installed 1.0", status: "install ok installed 1.0", answers: "1.0", state: "committed"),
    .init(
      name: "U2: and the vendor's postrm: half-installed is the vendor's doing", before: ["i shop 1.0"],
      failing: ["9.0 preinst upgrade", "9.0 postrm abort-upgrade"], action: "i shop 9.0", succeeds: false,
      calls: ["old prerm upgrade 9.0", "new preinst upgrade 1.0 9.0", "new postrm abort-upgrade 1.0 9.0"],
      status: "install reinstreq half-installed 1.0", answers: "1.0", state: "committed"),
    .init(
      name: "13: the vendor's postinst fails", before: ["i shop 1.0"], failing: ["9.0 postinst configure"],
      action: "i shop 9.0", succeeds: false, calls: upgradeCalls("1.0", "9.0"),
      status: "install ok half-configured 9.0", answers: "1.0", state: "committed"),
    .init(
      name: "an older foreign version put in by hand", before: ["i shop 0.5", "i shop 1.0"], action: "i shop 0.5",
      calls: upgradeCalls("1.0", "0.5"), status: "install ok installed 0.5", answers: "0.5", state: "committed"),
  ]
}
