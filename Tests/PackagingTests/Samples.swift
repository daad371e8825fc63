import ReleaseDescription

enum Samples {
  /// A release that uses every variable of the header.
  static var everything: (Release, Belay) {
    var belay = Belay()
    belay.services = [
      Service(unit: "shop.service"), Service(unit: "shop.timer", enable: false, onUpgrade: .stopStart),
    ]
    belay.snapshot.paths = [
      SnapshotPath(path: "/etc/shop", restoreWhen: .always),
      SnapshotPath(path: "/var/lib/shop", restoreWhen: .unopened, maxSize: 1 << 30, exclude: ["*.tmp", "cache"]),
      SnapshotPath(path: "/var/spool/shop", restoreWhen: .never, isCopied: false),
    ]
    belay.snapshot.dumps = [
      Dump(
        name: "db", save: "pg_dump shop", verify: "pg_restore -f -", restore: nil, user: "postgres", restoreWhen: .never
      )
    ]
    belay.snapshot.quiesce = .command(pause: "shop pause", resume: "shop resume")
    belay.steps = [
      Step(name: "schema", unless: "test -e /done", run: "shop up", undo: .command("shop down"), user: "shop"),
      Step(name: "index", stage: .started, run: "shop index", undo: .compatible, timeout: 1),
      Step(name: "tidy", stage: .committed, run: "shop tidy", undo: .impossible),
    ]
    belay.checks = [
      Check(name: "page", kind: .http(url: "http://127.0.0.1/", status: [200], body: nil), startPeriod: 30_000),
      Check(name: "port", kind: .tcp(address: "127.0.0.1:80"), severity: .advisory),
      Check(name: "up", kind: .unit("shop.service", stays: 5_000)),
      Check(name: "self", kind: .run("shop selftest", user: "shop"), retries: 5, successes: 2),
      Check(name: "parses", kind: .run("shop -t", user: nil), isBefore: true, retries: 1),
    ]
    belay.fallback.to = ["1.0.0", ">= 1.2"]
    belay.fallback.sources = [.kept, .archive]
    belay.fallback.checks = [Check(name: "old", kind: .tcp(address: "127.0.0.1:80"))]
    belay.fallback.before = ["shop notice on"]
    belay.fallback.after = ["shop notice off"]
    belay.fallback.firstInstall = .keep
    belay.gates.freeSpace = 1 << 30
    belay.gates.window = Window(days: [2, 3, 4], from: "09:00", to: "16:00", timezone: "Europe/Berlin")
    belay.gates.backup = Backup(path: "/var/backups/shop", maxAge: 86_400, minSize: 1 << 20, verify: "gzip -t")
    belay.gates.checks = [Check(name: "database", kind: .tcp(address: "db1:5432"))]
    belay.contacts = ["Release on-call +49 30 1234"]
    belay.notify = [Notification(run: "mail root", on: ["returned", "held"], keepsOutput: false)]
    belay.envFile = "/etc/shop/belay.env"
    belay.downtimeBudget = 1_000
    belay.probation = 600_000
    belay.confirmWithin = 300_000
    belay.set = PackageSet(name: "shop", members: ["libshop2", "shop-plugin"], isSameVersion: true)
    let contents = [
      Content(kind: .text([]), destination: "/usr/lib/systemd/system/shop.service", mode: 0o644),
      Content(kind: .text([]), destination: "/lib/systemd/system/shop.timer", mode: 0o644),
      Content(kind: .text([]), destination: "/usr/lib/systemd/system/shop.service.d/x.conf", mode: 0o644),
      Content(kind: .text([]), destination: "/usr/lib/sysusers.d/shop.conf", mode: 0o644),
      Content(kind: .text([]), destination: "/usr/lib/tmpfiles.d/shop.conf", mode: 0o644),
    ]
    let script = UserScripts.Script(text: "#!/bin/bash\necho \"it's $1\"\n", interpreter: "bash")
    return (Fixture.release(contents, scripts: UserScripts(postinst: script), belay: belay), belay)
  }
}
