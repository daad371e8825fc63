/// Removal and purge: the catalogue's table 1.2.
extension SequenceCase {
  static let removal: [SequenceCase] = [
    .init(
      name: "16, 17: remove", before: ["i demo 1"], action: "dpkg -r demo",
      calls: ["1 prerm [remove]", "1 postrm [remove]"], status: "deinstall ok config-files 1"),
    .init(
      name: "16: not called when only unpacked", before: ["unpack demo 1"], action: "dpkg -r demo",
      calls: ["1 postrm [remove]"], status: "deinstall ok config-files 1"),
    .init(
      name: "16, 17, 18: purge", before: ["i demo 1"], action: "dpkg -P demo",
      calls: ["1 prerm [remove]", "1 postrm [remove]", "1 postrm [purge]"], status: "not-installed"),
    .init(
      name: "17: postrm remove fails, nothing unwinds", before: ["i demo 1"], failing: ["1 postrm remove"],
      action: "dpkg -r demo", succeeds: false, calls: ["1 prerm [remove]", "!1 postrm [remove]"],
      status: "deinstall ok half-installed 1"),
    .init(
      name: "17: once more",
      before: ["i demo 1", "mkdir /fail; touch /fail/demo.1.postrm.remove", "try dpkg -r demo", "rm -r /fail"],
      action: "dpkg -r demo", calls: ["1 postrm [remove]"], status: "deinstall ok config-files 1"),
    .init(
      name: "18: purge of what remove left", before: ["i demo 1", "dpkg -r demo"], action: "dpkg -P demo",
      calls: ["1 postrm [purge]"], status: "not-installed"),
    .init(
      name: "18: purge fails", before: ["i demo 1", "dpkg -r demo"], failing: ["1 postrm purge"],
      action: "dpkg -P demo",
      succeeds: false, calls: ["!1 postrm [purge]"], status: "purge ok config-files 1"),
    .init(
      name: "no postrm and no conffiles: remove purges at once", before: ["i demo 1.nopostrm"], action: "dpkg -r demo",
      calls: ["1.nopostrm prerm [remove]"], status: "not-installed"),
  ]
}
