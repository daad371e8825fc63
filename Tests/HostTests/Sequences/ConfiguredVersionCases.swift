/// What `postinst configure` is told: the version that was configured last.
extension SequenceCase {
  static let configuredVersion: [SequenceCase] = [
    .init(
      name: "retry of a failed first install", before: ["try-i demo 1", "rm -r /fail"],
      failing: ["now 1 postinst configure"], action: "dpkg --configure -a", calls: ["1 postinst [configure] []"],
      status: "install ok installed 1"),
    .init(
      name: "retry of a failed upgrade", before: ["i demo 1", "try-i demo 2", "rm -r /fail"],
      failing: ["now 2 postinst configure"], action: "dpkg --configure -a", calls: ["2 postinst [configure] [1]"],
      status: "install ok installed 2"),
    .init(
      name: "reinstall over a failed upgrade", before: ["i demo 1", "try-i demo 2", "rm -r /fail"],
      failing: ["now 2 postinst configure"], action: "i demo 2",
      calls: [
        "2 prerm [upgrade] [2]", "2 preinst [upgrade] [2] [2]", "2 postrm [upgrade] [2]", "2 postinst [configure] [1]",
      ], status: "install ok installed 2"),
    .init(
      name: "back from half-configured", before: ["i demo 1", "try-i demo 2"], failing: ["now 2 postinst configure"],
      action: "i demo 1",
      calls: [
        "2 prerm [upgrade] [1]", "1 preinst [upgrade] [2] [1]", "2 postrm [upgrade] [1]", "1 postinst [configure] [1]",
      ], status: "install ok installed 1"),
    .init(
      name: "back from unpacked", before: ["i demo 1", "unpack demo 2"], action: "i demo 1",
      calls: ["1 preinst [upgrade] [2] [1]", "2 postrm [upgrade] [1]", "1 postinst [configure] [1]"],
      status: "install ok installed 1"),
    .init(
      name: "forward from half-configured", before: ["i demo 1", "try-i demo 2"], failing: ["now 2 postinst configure"],
      action: "i demo 3",
      calls: [
        "2 prerm [upgrade] [3]", "3 preinst [upgrade] [2] [3]", "2 postrm [upgrade] [3]", "3 postinst [configure] [1]",
      ], status: "install ok installed 3"),
    .init(
      name: "after deconfigure", before: ["i demo 1", "i other 1", "unpack demo 2.breaks", "i demo 1"],
      action: "dpkg --configure -a", calls: ["other/1 postinst [configure] [1]"], status: "install ok installed 1",
      others: ["other": "install ok installed 1"]),
  ]
}
