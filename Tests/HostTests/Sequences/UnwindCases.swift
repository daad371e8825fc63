/// The ways out of an error: the catalogue's table 1.3.
extension SequenceCase {
  static let unwind: [SequenceCase] = [
    .init(
      name: "U1: both prerms fail", before: ["i demo 1"], failing: ["1 prerm upgrade", "2 prerm failed-upgrade"],
      action: "i demo 2", succeeds: false,
      calls: ["!1 prerm [upgrade] [2]", "!2 prerm [failed-upgrade] [1] [2]", "1 postinst [abort-upgrade] [2]"],
      status: "install ok installed 1"),
    .init(
      name: "U1: a half-configured version is laundered", before: ["try-i demo 1"],
      failing: ["now 1 postinst configure", "1 prerm upgrade", "2 prerm failed-upgrade"], action: "i demo 2",
      succeeds: false,
      calls: ["!1 prerm [upgrade] [2]", "!2 prerm [failed-upgrade] [1] [2]", "1 postinst [abort-upgrade] [2]"],
      status: "install ok installed 1"),
    .init(
      name: "U1: and the old postinst", before: ["i demo 1"],
      failing: ["1 prerm upgrade", "2 prerm failed-upgrade", "1 postinst abort-upgrade"], action: "i demo 2",
      succeeds: false,
      calls: ["!1 prerm [upgrade] [2]", "!2 prerm [failed-upgrade] [1] [2]", "!1 postinst [abort-upgrade] [2]"],
      status: "install reinstreq half-configured 1"),
    .init(
      name: "U2: new preinst fails", before: ["i demo 1"], failing: ["2 preinst upgrade"], action: "i demo 2",
      succeeds: false,
      calls: [
        "1 prerm [upgrade] [2]", "!2 preinst [upgrade] [1] [2]", "2 postrm [abort-upgrade] [1] [2]",
        "1 postinst [abort-upgrade] [2]",
      ], status: "install ok installed 1"),
    .init(
      name: "U2: and the new postrm", before: ["i demo 1"], failing: ["2 preinst upgrade", "2 postrm abort-upgrade"],
      action: "i demo 2", succeeds: false,
      calls: ["1 prerm [upgrade] [2]", "!2 preinst [upgrade] [1] [2]", "!2 postrm [abort-upgrade] [1] [2]"],
      status: "install reinstreq half-installed 1"),
    .init(
      name: "U2: and the old postinst", before: ["i demo 1"],
      failing: ["2 preinst upgrade", "1 postinst abort-upgrade"],
      action: "i demo 2", succeeds: false,
      calls: [
        "1 prerm [upgrade] [2]", "!2 preinst [upgrade] [1] [2]", "2 postrm [abort-upgrade] [1] [2]",
        "!1 postinst [abort-upgrade] [2]",
      ], status: "install ok unpacked 1"),
    .init(
      name: "U2: the unpack fails", before: ["i demo 1", "i other 1"], action: "i demo 2.clashes", succeeds: false,
      calls: [
        "1 prerm [upgrade] [2.clashes]", "2.clashes preinst [upgrade] [1] [2.clashes]",
        "2.clashes postrm [abort-upgrade] [1] [2.clashes]", "1 postinst [abort-upgrade] [2.clashes]",
      ], status: "install ok installed 1"),
    .init(
      name: "U2: the old one has no scripts", before: ["i demo 1.plain"], failing: ["2 preinst upgrade"],
      action: "i demo 2", succeeds: false,
      calls: ["!2 preinst [upgrade] [1.plain] [2]", "2 postrm [abort-upgrade] [1.plain] [2]"],
      status: "install ok installed 1.plain"),
    .init(
      name: "U3a: first install", failing: ["1 preinst install"], action: "i demo 1", succeeds: false,
      calls: ["!1 preinst [install]", "1 postrm [abort-install]"], status: "not-installed"),
    .init(
      name: "U3a: and its postrm", failing: ["1 preinst install", "1 postrm abort-install"], action: "i demo 1",
      succeeds: false, calls: ["!1 preinst [install]", "!1 postrm [abort-install]"],
      status: "install reinstreq half-installed 1"),
    .init(
      name: "U3b: install over what remove left", before: ["i demo 1", "dpkg -r demo"], failing: ["2 preinst install"],
      action: "i demo 2", succeeds: false,
      calls: ["!2 preinst [install] [1] [2]", "2 postrm [abort-install] [1] [2]"],
      status: "install ok config-files 1"),
    .init(
      name: "U4: the conflicting package will not go", before: ["i demo 1", "i other 1"],
      failing: ["other/1 prerm remove"], action: "i demo 2.conflicts", succeeds: false,
      calls: [
        "1 prerm [upgrade] [2.conflicts]", "!other/1 prerm [remove] [in-favour] [demo] [2.conflicts]",
        "other/1 postinst [abort-remove] [in-favour] [demo] [2.conflicts]", "1 postinst [abort-upgrade] [2.conflicts]",
      ], status: "install ok installed 1", others: ["other": "install ok installed 1"]),
    .init(
      name: "U5: the deconfigured package comes back", before: ["i demo 1", "i other 1"],
      failing: ["2.breaks preinst upgrade"], action: "i demo 2.breaks", succeeds: false,
      calls: [
        "1 prerm [upgrade] [2.breaks]", "other/1 prerm [deconfigure] [in-favour] [demo] [2.breaks]",
        "!2.breaks preinst [upgrade] [1] [2.breaks]", "2.breaks postrm [abort-upgrade] [1] [2.breaks]",
        "other/1 postinst [abort-deconfigure] [in-favour] [demo] [2.breaks]", "1 postinst [abort-upgrade] [2.breaks]",
      ], status: "install ok installed 1", others: ["other": "install ok installed 1"]),
    .init(
      name: "U6: both postrms fail", before: ["i demo 1"], failing: ["1 postrm upgrade", "2 postrm failed-upgrade"],
      action: "i demo 2", succeeds: false,
      calls: afterBothPostrms([
        "1 preinst [abort-upgrade] [2]", "2 postrm [abort-upgrade] [1] [2]", "1 postinst [abort-upgrade] [2]",
      ]),
      status: "install ok installed 1"),
    .init(
      name: "U6: and the old preinst", before: ["i demo 1"],
      failing: ["1 postrm upgrade", "2 postrm failed-upgrade", "1 preinst abort-upgrade"], action: "i demo 2",
      succeeds: false, calls: afterBothPostrms(["!1 preinst [abort-upgrade] [2]"]),
      status: "install reinstreq half-installed 1"),
    .init(
      name: "U6: and the new postrm again", before: ["i demo 1"],
      failing: ["1 postrm upgrade", "2 postrm failed-upgrade", "2 postrm abort-upgrade"], action: "i demo 2",
      succeeds: false,
      calls: afterBothPostrms(["1 preinst [abort-upgrade] [2]", "!2 postrm [abort-upgrade] [1] [2]"]),
      status: "install reinstreq half-installed 1"),
    .init(
      name: "U6: and the old postinst", before: ["i demo 1"],
      failing: ["1 postrm upgrade", "2 postrm failed-upgrade", "1 postinst abort-upgrade"], action: "i demo 2",
      succeeds: false,
      calls: afterBothPostrms([
        "1 preinst [abort-upgrade] [2]", "2 postrm [abort-upgrade] [1] [2]", "!1 postinst [abort-upgrade] [2]",
      ]),
      status: "install ok unpacked 1"),
    .init(
      name: "U7: prerm remove fails", before: ["i demo 1"], failing: ["1 prerm remove"], action: "dpkg -r demo",
      succeeds: false, calls: ["!1 prerm [remove]", "1 postinst [abort-remove]"], status: "deinstall ok installed 1"),
    .init(
      name: "U7: and the postinst", before: ["i demo 1"], failing: ["1 prerm remove", "1 postinst abort-remove"],
      action: "dpkg -r demo", succeeds: false, calls: ["!1 prerm [remove]", "!1 postinst [abort-remove]"],
      status: "deinstall ok half-configured 1"),
  ]

  private static func afterBothPostrms(_ calls: [String]) -> [String] {
    [
      "1 prerm [upgrade] [2]", "2 preinst [upgrade] [1] [2]", "!1 postrm [upgrade] [2]",
      "!2 postrm [failed-upgrade] [1] [2]",
    ] + calls
  }
}
