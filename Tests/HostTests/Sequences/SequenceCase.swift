import TestSupport
import Testing

/// One row of the tables of maintainer-script calls: what is done to which packages, and every call that dpkg makes.
struct SequenceCase: Sendable, CustomTestStringConvertible {
  /// The row, as the catalogue of maintainer-script calls numbers it, and in words.
  let name: String
  /// Done first, must succeed; `i demo 1` = `dpkg -i` of that package.
  var before: [String] = []
  /// The calls that fail, as `version script argument`, of the package `demo` or as `package/version script argument`.
  var failing: [String] = []
  /// What is looked at.
  let action: String
  /// Whether dpkg is content.
  var succeeds = true
  /// The calls, oldest first, as `TracedPackage` writes them, for instance `1 prerm [upgrade] [2]` of the package demo;
  /// a `!` in front: it fails.
  let calls: [String]
  /// dpkg's record of demo afterwards.
  let status: String
  /// dpkg's record of other packages afterwards.
  var others: [String: String] = [:]

  var testDescription: String { name }

  /// The packages that the cases are made of.
  static let packages: [ForeignPackage] = {
    var demos = ["1", "2", "3"].map { TracedPackage.make("demo", $0) }
    demos.append(TracedPackage.make("demo", "1.plain", scripts: []))
    var breaking = TracedPackage.make("demo", "2.breaks", fields: ["Breaks": "other"])
    breaking.files["/usr/share/demo/more"] = ""
    demos.append(breaking)
    let against = ["Conflicts": "other", "Replaces": "other", "Provides": "other"]
    demos.append(TracedPackage.make("demo", "2.conflicts", fields: against))
    var clashing = TracedPackage.make("demo", "2.clashes")
    clashing.files["/usr/share/other/version"] = "of demo\n"
    demos.append(clashing)
    var swallowing = TracedPackage.make("demo", "2.swallows", fields: ["Replaces": "other"])
    swallowing.files["/usr/share/other/version"] = "of demo\n"
    demos.append(swallowing)
    var interested = TracedPackage.make("demo", "1.triggers")
    interested.control["triggers"] = "interest-noawait /usr/share/watched\n"
    demos.append(interested)
    var noPostrm = TracedPackage.make("demo", "1.nopostrm", scripts: ["preinst", "postinst", "prerm"])
    noPostrm.files["/usr/share/demo/x"] = ""
    demos.append(noPostrm)
    var watched = ForeignPackage("watched", "1")
    watched.files = ["/usr/share/watched/file": ""]
    return demos + [TracedPackage.make("other", "1"), watched]
  }()

  /// Runs it in a host and compares.
  func check(in host: Host) async throws {
    for call in failing where call.hasPrefix("now ") { try await prepareFailure(call.dropFirst(4), in: host) }
    for step in before { try await host.succeed(Self.command(step)) }
    _ = try await host.takeTrace()
    for call in failing where !call.hasPrefix("now ") { try await prepareFailure(call[...], in: host) }
    let result = try await host.run(Self.command(action))
    #expect((result.status == 0) == succeeds, "\(result.stdout)\(result.stderr)")
    let expected = calls.map { call in
      let fails = call.hasPrefix("!")
      let text = fails ? String(call.dropFirst()) : call
      return (text.prefix { $0 != " " }.contains("/") ? text : "demo/" + text) + (fails ? " 1" : " 0")
    }
    let trace = try await host.takeTrace()
    #expect(trace == expected)
    for (package, status) in others.merging(["demo": status], uniquingKeysWith: { $1 }) {
      let found = try await host.status(of: package)
      #expect(found == status, "of \(package)")
    }
  }

  private func prepareFailure(_ call: Substring, in host: Host) async throws {
    let words = call.split(separator: " ").map(String.init)
    let owner = words[0].split(separator: "/").map(String.init)
    try await host.failCall(owner.count > 1 ? owner[0] : "demo", owner.last ?? "", words[1], words[2])
  }

  /// `i demo 1` and the like, in long.
  private static func command(_ short: String) -> String {
    let words = short.split(separator: " ").map(String.init)
    switch words[0] {
    case "i": return "dpkg -i --auto-deconfigure \(deb(words[1], words[2]))"
    case "unpack": return "dpkg --unpack --auto-deconfigure \(deb(words[1], words[2]))"
    case "try-i": return "! dpkg -i \(deb(words[1], words[2]))"
    case "try": return "! " + words.dropFirst().joined(separator: " ")
    default: return short
    }
  }

  private static func deb(_ name: String, _ version: String) -> String { "/srv/repo/\(name)_\(version)_all.deb" }
}
