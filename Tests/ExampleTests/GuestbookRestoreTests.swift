import Testing
import TestSupport

/// `restore-beside-and-swap` alone: what the return relies on.
@Suite(.needsHost) struct GuestbookRestoreTests {
  /// Restores the dump in /root/dump; the script is killed before its command number `kill`.
  private static let restore = #"""
    cd / && BELAY_TRANSACTION=0007 runuser -u postgres -- env kill="${kill-0}" bash -c '
      trap "((++command == kill)) && kill -KILL \$\$" DEBUG; set -T; . /usr/lib/guestbook/restore-beside-and-swap' < /root/dump
    """#

  private func writeAndDump(_ host: Host) async throws {
    try await host.sign("anna", "hello")
    try await host.succeed("cd / && runuser -u postgres -- pg_dump -Fc guestbook > /root/dump")
    try await host.sign("bert", "too late")
  }

  @Test func theLiveDatabaseStaysBeside() async throws {
    try await Host.withGuestbook("1.2.0") { host in
      try await writeAndDump(host)
      #expect(
        try await host.succeed(Self.restore) == "set aside: 4 rows in database guestbook_set_aside_1 (3 rows restored)")
      #expect(try await host.query("SELECT message FROM entries") == "hello")
      #expect(
        try await host.query("SELECT message FROM entries ORDER BY id", in: "guestbook_set_aside_1")
          == "hello\ntoo late")
      // The foreign key is there again, and the service works on the restored database.
      try await host.sign("cleo", "hello again")
      let orphan = try await host.run(
        "runuser -u guestbook -- psql -c \"INSERT INTO replies (entry_id, message) VALUES (99, 'x')\"")
      #expect(orphan.stderr.contains("replies_entry_fkey"))
    }
  }

  @Test func aDumpThatCannotBeReadChangesNothing() async throws {
    try await Host.withGuestbook("1.2.0") { host in
      try await writeAndDump(host)
      try await host.succeed("truncate -s 3000 /root/dump")
      #expect(try await host.run(Self.restore).status != 0)
      #expect(try await host.query("SELECT count(*) FROM entries") == "2")
      #expect(try await host.query("SELECT datname FROM pg_database WHERE datname LIKE 'guestbook%'") == "guestbook")
      #expect(try await host.page("/").hasPrefix("200"))
    }
  }

  @Test func killedBeforeAnyCommandItCanBeRunAgain() async throws {
    try await Host.withGuestbook("1.2.0") { host in
      try await writeAndDump(host)
      var kill = 0
      var status: Int32 = 137
      while status == 137 {
        kill += 1
        status = try await host.run(Self.restore, environment: ["kill": "\(kill)"]).status
        if status == 137 { try await host.succeed(Self.restore) }
        let state = try await host.succeed(
          #"""
          cd / && ask() { runuser -u postgres -- psql -XAtq -d "$1" -c "$2"; }
          ask postgres "SELECT datname, datallowconn FROM pg_database WHERE datname LIKE 'guestbook%' ORDER BY 1"
          ask guestbook 'SELECT message FROM entries'
          ask guestbook_set_aside_1 'SELECT message FROM entries ORDER BY id'
          # Back to where it began.
          runuser -u postgres -- dropdb --force guestbook
          ask postgres 'ALTER DATABASE guestbook_set_aside_1 RENAME TO guestbook'
          ask postgres 'COMMENT ON DATABASE guestbook IS NULL'
          """#)
        try #require(
          state == "guestbook|t\nguestbook_set_aside_1|t\nhello\nhello\ntoo late", "killed before command \(kill)")
      }
      #expect(status == 0)
      #expect(kill > 20)
    }
  }
}
