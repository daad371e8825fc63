import ReleaseDescription

@testable import Packaging

/// Releases that the plan's tests share.
enum PlanSamples {
  static var named: [String: Release] { ["full": full, "least": least, "plain": plain] }

  /// Every key that this version of belay knows, each command a text of its own.
  static var full: Release {
    var belay = Belay()
    belay.services = [
      Service(unit: "guestbook.service"), Service(unit: "guestbook-web.service", enable: false, onUpgrade: .none),
      Service(unit: "guestbook-worker.service", onUpgrade: .stopStart),
    ]
    belay.snapshot.paths = [
      SnapshotPath(path: "/etc/guestbook", restoreWhen: .always),
      SnapshotPath(path: "/var/lib/guestbook", restoreWhen: .unopened, maxSize: 1 << 30, exclude: ["*.tmp"]),
      SnapshotPath(path: "/var/spool/guestbook", restoreWhen: .never, isCopied: false),
      SnapshotPath(path: "/srv/guestbook letters", restoreWhen: .never),
    ]
    belay.snapshot.dumps = [
      Dump(
        name: "entries", save: "pg_dump -Fc guestbook", verify: "pg_restore -f /dev/null",
        restore: "/usr/lib/guestbook/restore-beside-and-swap", user: "postgres", restoreWhen: .always),
      Dump(name: "sessions", save: "dump-sessions", verify: "verify-sessions", restore: nil, restoreWhen: .never),
    ]
    belay.snapshot.quiesce = .command(pause: "guestbook-pause", resume: "guestbook-resume")
    belay.steps = [
      Step(
        name: "migrate the schema", unless: "migrate is-done", run: "migrate up", undo: .command("migrate down"),
        timeout: 300_000, user: "guestbook"),
      Step(name: "warm the cache", stage: .started, run: "warm-cache", undo: .compatible),
      Step(name: "drop the old column", stage: .committed, run: "migrate contract", undo: .impossible),
    ]
    belay.checks = [
      Check(
        name: "front page answers",
        kind: .http(url: "http://127.0.0.1:8080/healthz", status: [200, 204], body: #""version":"1\.2\.0""#),
        startPeriod: 30_000, timeout: 5_000, successes: 3),
      Check(name: "listens", kind: .tcp(address: "[::1]:8080")),
      Check(name: "stays up", kind: .unit("guestbook.service", stays: 5_000)),
      Check(name: "self test", kind: .run("selftest --quick", user: "guestbook"), severity: .advisory),
      Check(name: "configuration parses", kind: .run("guestbook -t", user: nil), isBefore: true, retries: 1),
      Check(
        name: "style", kind: .run("guestbook --lint", user: "guestbook"), severity: .advisory, isBefore: true,
        retries: 1),
    ]
    belay.fallback.to = ["1.0.0", ">= 1.2"]
    belay.fallback.before = ["announce-return"]
    belay.fallback.after = ["announce-end"]
    belay.gates.freeSpace = 1 << 30
    belay.gates.window = Window(days: [2, 3, 4], from: "09:00", to: "16:00", timezone: "Europe/Berlin")
    belay.gates.backup = Backup(
      path: "/var/backups/guestbook", maxAge: 86_400, minSize: 1 << 20, verify: "verify-backup")
    belay.gates.checks = [Check(name: "database is up", kind: .run("pg_isready", user: nil))]
    belay.contacts = ["Release on-call +49 30 1234"]
    belay.notify = [Notification(run: "tell-the-team", on: ["committed", "returned", "stranded"], keepsOutput: false)]
    belay.envFile = "/etc/guestbook/belay.env"
    belay.downtimeBudget = 1_500
    belay.probation = 600_000
    belay.confirmWithin = 300_000
    belay.set = PackageSet(name: "guestbook", members: ["libguestbook2", "guestbook-mail"])
    return release(belay)
  }

  /// The least that belay takes: one check.
  static var least: Release {
    var belay = Belay()
    belay.checks = [Check(name: "listens", kind: .tcp(address: "127.0.0.1:80"))]
    var release = release(belay)
    release.contents = []
    release.scripts = UserScripts()
    return release
  }

  static var plain: Release {
    var release = full
    release.belay = nil
    return release
  }

  private static func release(_ belay: Belay) -> Release {
    Release(
      control: Control(
        name: "guestbook", version: "1.2.0-1", architecture: "all", section: "web", priority: "optional",
        maintainer: "A <a@example.com>", description: "guestbook", homepage: nil, relations: [], fields: []),
      contents: [
        Content(kind: .directory, destination: "/etc", mode: 0o755),
        Content(kind: .directory, destination: "/etc/guestbook", mode: 0o755),
        Content(
          kind: .text(Array("a=1\n".utf8)), destination: "/etc/guestbook/guestbook.conf", mode: 0o640,
          group: "guestbook", isConffile: true),
        Content(
          kind: .text(Array("[Unit]\n".utf8)), destination: "/usr/lib/systemd/system/guestbook.service", mode: 0o644),
        Content(kind: .text([]), destination: "/usr/lib/sysusers.d/guestbook.conf", mode: 0o644),
        Content(kind: .symlink(target: "guestbook.service"), destination: "/usr/lib/x", mode: 0o777),
        Content(kind: .directory, destination: "/var/lib/guestbook", mode: 0o755),
      ],
      scripts: UserScripts(
        postinst: UserScripts.Script(text: "#!/bin/sh\nset -e\necho done\n", interpreter: "sh")),
      compression: Compression(.none, level: 0), modificationTime: 0, belay: belay)
  }
}
