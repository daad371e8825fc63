import Testing
import TestSupport

/// What the demo shows, and what it leaves to the reader's trust.
@Suite(.needsHost) struct GuestbookReturnTests {
  @Test func aBrokenReleaseComesBackAndTheRepairedOneStays() async throws {
    try await Host.withGuestbook("1.0.0") { host in
      try await host.sign("anna", "hello")
      try await host.sign("bert", "it's <b>me</b>")
      try await host.succeed("sed -i 's/^title = .*/title = Our Guests/' /etc/guestbook/guestbook.conf")
      try await host.succeed("apt-mark hold guestbook && apt-mark auto guestbook")
      let book = try await host.query("SELECT * FROM entries ORDER BY id")
      let journal = try await host.read("/var/lib/guestbook/journal.jsonl")
      let conffile = try await host.succeed("stat -c '%n %a %U %G %Y' /etc/guestbook/* && cat /etc/guestbook/*")

      let broken = try await host.update(to: "1.1.0")

      #expect(broken.status == 100, "\(broken.stdout)\(broken.stderr)")
      #expect(
        broken.stderr.contains("belay-result: package=guestbook state=returned from=1.0.0 to=1.1.0 installed=1.0.0"))
      #expect(try await host.status(of: "guestbook") == "hold ok installed 1.0.0")
      #expect(try await host.page("/healthz") == #"200 {"version":"1.0.0","schema":1,"entries":2}"#)
      #expect(try await host.page("/").contains("<b>bert</b> it&#39;s &lt;b&gt;me&lt;/b&gt;</li>"))
      #expect(try await host.query("SELECT * FROM entries ORDER BY id") == book)
      #expect(try await host.read("/var/lib/guestbook/journal.jsonl") == journal)
      #expect(try await host.succeed("stat -c '%n %a %U %G %Y' /etc/guestbook/* && cat /etc/guestbook/*") == conffile)
      #expect(try await host.succeed("apt-mark showhold && apt-mark showauto guestbook") == "guestbook\nguestbook")
      #expect(
        try await host.succeed("systemctl is-active guestbook && systemctl is-enabled guestbook") == "active\nenabled")
      #expect(try await host.succeed("dpkg --audit && dpkg --verify guestbook | grep -v /etc/guestbook || :") == "")

      // What 1.1.0 wrote is there, beside.
      let schema = try await host.query(
        "SELECT schemaname FROM pg_tables WHERE tablename = 'replies'", in: "guestbook_set_aside_1")
      let replies = try await host.query(
        "SELECT message FROM \(schema).replies ORDER BY id", in: "guestbook_set_aside_1")
      #expect(replies == "Thank you, anna!\nThank you, bert!")
      #expect(try await host.succeed("grep -c 'guestbook 1.1.0' /var/lib/guestbook.belay-*/journal.jsonl") == "2")

      let again = try await host.run("apt-get -q -y --allow-change-held-packages install guestbook=1.1.0")
      #expect(again.stderr.contains("state=refused"), "\(again.stdout)\(again.stderr)")
      #expect(try await host.page("/healthz").contains(#""version":"1.0.0""#))

      let repaired = try await host.update(to: "1.2.0")
      #expect(repaired.status == 0, "\(repaired.stdout)\(repaired.stderr)")
      #expect(try await host.page("/healthz") == #"200 {"version":"1.2.0","schema":2,"entries":2}"#)
      #expect(try await host.page("/").contains("<blockquote>Thank you, bert!</blockquote>"))
      #expect(try await host.query("SELECT * FROM entries ORDER BY id") == book)
      #expect(try await host.run("belay-guestbook status").status == 0)
    }
  }

  @Test func theDemoHolds() async throws {
    // It builds for itself, with the belay under test, and removes its host.
    let result = try await Guestbook.demo()
    #expect(result.exitCode == 0, "\(result.everything)")
    #expect(result.outputText.contains("All of it held"))
    #expect(!result.outputText.contains("\u{1B}"), "colour without a terminal")
  }

  @Test func removeStopsAndPurgeLeavesNothingButTheDatabase() async throws {
    let names =
      "find / -xdev \\( -path /proc -o -path /var/log -o -path /var/cache -o -path /var/lib/postgresql \\) -prune -o -print | sort"
    try await Host.booted(.postgresql) { host in
      try await host.repository.add(try await Guestbook.package("1.0.0"))
      let before = Set(try await host.succeed(names).split(separator: "\n"))
      try await host.succeed("apt-get -q -y install guestbook")
      #expect(try await host.update(to: "1.2.0").status == 0)
      try await host.sign("anna", "hello")

      try await host.succeed("apt-get -q -y remove guestbook")
      #expect(try await host.run("systemctl is-active guestbook").stdout == "inactive\n")
      #expect(try await host.exists("/var/lib/guestbook/journal.jsonl"))

      try await host.succeed("apt-get -q -y purge guestbook")
      #expect(try await host.status(of: "guestbook") == "not-installed")
      let left = Set(try await host.succeed(names).split(separator: "\n")).subtracting(before)
      #expect(left.filter { $0.contains("guestbook") || $0.contains("belay") } == [])
      // systemd-sysusers' own backups, and what apt and dpkg keep of any package.
      let others = left.filter { path in
        !["/etc/", "/var/lib/apt/", "/var/lib/dpkg/", "/var/backups/"].contains { path.hasPrefix($0) }
      }
      #expect(others == [])
      #expect(try await host.succeed("systemctl list-units --all --plain --no-legend '*guestbook*'") == "")
      #expect(try await host.succeed("ls -A /run/belay 2>/dev/null || :") == "")
      #expect(try await host.query("SELECT message FROM entries") == "hello")
    }
  }
}
