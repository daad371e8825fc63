/// Install, upgrade, downgrade, reinstall: the catalogue's table 1.1.
extension SequenceCase {
  static let forward: [SequenceCase] = [
    .init(
      name: "5, 13: first install", action: "i demo 1", calls: ["1 preinst [install]", "1 postinst [configure] []"],
      status: "install ok installed 1"),
    .init(
      name: "1, 7, 9, 13: upgrade", before: ["i demo 1"], action: "i demo 2",
      calls: [
        "1 prerm [upgrade] [2]", "2 preinst [upgrade] [1] [2]", "1 postrm [upgrade] [2]", "2 postinst [configure] [1]",
      ], status: "install ok installed 2"),
    .init(
      name: "7: downgrade", before: ["i demo 2"], action: "i demo 1",
      calls: [
        "2 prerm [upgrade] [1]", "1 preinst [upgrade] [2] [1]", "2 postrm [upgrade] [1]", "1 postinst [configure] [2]",
      ], status: "install ok installed 1"),
    .init(
      name: "7: reinstall", before: ["i demo 1"], action: "i demo 1",
      calls: [
        "1 prerm [upgrade] [1]", "1 preinst [upgrade] [1] [1]", "1 postrm [upgrade] [1]", "1 postinst [configure] [1]",
      ], status: "install ok installed 1"),
    .init(
      name: "1: not called when only unpacked", before: ["unpack demo 1"], action: "i demo 2",
      calls: ["2 preinst [upgrade] [1] [2]", "1 postrm [upgrade] [2]", "2 postinst [configure] []"],
      status: "install ok installed 2"),
    .init(
      name: "1: called when half-configured", before: ["try-i demo 1"], failing: ["now 1 postinst configure"],
      action: "i demo 2",
      calls: [
        "1 prerm [upgrade] [2]", "2 preinst [upgrade] [1] [2]", "1 postrm [upgrade] [2]", "2 postinst [configure] []",
      ], status: "install ok installed 2"),
    .init(
      name: "2: old prerm fails, new one says go on", before: ["i demo 1"], failing: ["1 prerm upgrade"],
      action: "i demo 2",
      calls: [
        "!1 prerm [upgrade] [2]", "2 prerm [failed-upgrade] [1] [2]", "2 preinst [upgrade] [1] [2]",
        "1 postrm [upgrade] [2]", "2 postinst [configure] [1]",
      ], status: "install ok installed 2"),
    .init(
      name: "3: another package is deconfigured", before: ["i demo 1", "i other 1"], action: "unpack demo 2.breaks",
      calls: [
        "1 prerm [upgrade] [2.breaks]", "other/1 prerm [deconfigure] [in-favour] [demo] [2.breaks]",
        "2.breaks preinst [upgrade] [1] [2.breaks]", "1 postrm [upgrade] [2.breaks]",
      ], status: "install ok unpacked 2.breaks", others: ["other": "install ok half-configured 1"]),
    .init(
      name: "4, 12: a conflicting package is removed", before: ["i demo 1", "i other 1"], action: "i demo 2.conflicts",
      calls: [
        "1 prerm [upgrade] [2.conflicts]", "other/1 prerm [remove] [in-favour] [demo] [2.conflicts]",
        "2.conflicts preinst [upgrade] [1] [2.conflicts]", "1 postrm [upgrade] [2.conflicts]",
        "other/1 postrm [remove]", "2.conflicts postinst [configure] [1]",
      ], status: "install ok installed 2.conflicts", others: ["other": "install ok config-files 1"]),
    .init(
      name: "6: install over what remove left", before: ["i demo 1", "dpkg -r demo"], action: "i demo 2",
      calls: ["2 preinst [install] [1] [2]", "2 postinst [configure] [1]"], status: "install ok installed 2"),
    .init(
      name: "6: install of a lower version over what remove left", before: ["i demo 2", "dpkg -r demo"],
      action: "i demo 1", calls: ["1 preinst [install] [2] [1]", "1 postinst [configure] [2]"],
      status: "install ok installed 1"),
    .init(
      name: "7: first install again after a failed unwind", before: ["try-i demo 1", "rm -r /fail"],
      failing: ["now 1 preinst install", "now 1 postrm abort-install"], action: "i demo 1",
      calls: ["1 preinst [upgrade] [1] [1]", "1 postinst [configure] []"],
      status: "install ok installed 1"),
    .init(
      name: "10: old postrm fails, new one says go on", before: ["i demo 1"], failing: ["1 postrm upgrade"],
      action: "i demo 2",
      calls: [
        "1 prerm [upgrade] [2]", "2 preinst [upgrade] [1] [2]", "!1 postrm [upgrade] [2]",
        "2 postrm [failed-upgrade] [1] [2]", "2 postinst [configure] [1]",
      ], status: "install ok installed 2"),
    .init(
      name: "11: a package disappears", before: ["i demo 1", "i other 1"], action: "i demo 2.swallows",
      calls: [
        "1 prerm [upgrade] [2.swallows]", "2.swallows preinst [upgrade] [1] [2.swallows]",
        "1 postrm [upgrade] [2.swallows]", "other/1 postrm [disappear] [demo] [2.swallows]",
        "2.swallows postinst [configure] [1]",
      ], status: "install ok installed 2.swallows", others: ["other": "not-installed"]),
    .init(
      name: "13: postinst fails, nothing unwinds", before: ["i demo 1"], failing: ["2 postinst configure"],
      action: "i demo 2", succeeds: false,
      calls: [
        "1 prerm [upgrade] [2]", "2 preinst [upgrade] [1] [2]", "1 postrm [upgrade] [2]", "!2 postinst [configure] [1]",
      ], status: "install ok half-configured 2"),
    .init(
      name: "14: triggered", before: ["i demo 1.triggers"], action: "i watched 1",
      calls: ["1.triggers postinst [triggered] [/usr/share/watched]"], status: "install ok installed 1.triggers"),
    .init(
      name: "14: a failed trigger is taken up as configure",
      before: ["i demo 1.triggers", "try-i watched 1", "rm -r /fail"],
      failing: ["now 1.triggers postinst triggered"], action: "dpkg --configure -a",
      calls: ["1.triggers postinst [configure] [1.triggers]"], status: "install ok installed 1.triggers"),
    .init(
      name: "15: dpkg-reconfigure", before: ["i demo 1"], action: "dpkg-reconfigure demo",
      calls: ["1 prerm [upgrade] [1]", "1 preinst [upgrade] [1]", "1 postinst [configure] [1]"],
      status: "install ok installed 1"),
  ]
}
