import TestSupport

extension Defect {
  static let all: [Defect] = [
    Defect(
      name: "an undo that does not undo", scenario: "step-fails-when-done-1",
      words: ["the undo of step 'migrate' does not bring back what the step changed", "dump 'ledger'"],
      key: "steps[0].undo"
    ) { _, new in new.belay = belay(undo: "grep -q v2 /srv/ledger/rows") },

    Defect(
      name: "a check that always passes", scenario: "vacuous",
      words: ["check 'has a configuration' passes although shop.service is stopped"], key: "checks[2]"
    ) { _, new in
      let check = "  - {name: has a configuration, run: test -s /etc/shop/shop.conf}"
      new.belay = belay(checks: TestRelease.plainChecks + "\n" + check)
    },

    Defect(
      name: "a postinst that fails half-way", scenario: "upgrade",
      words: ["the update does not succeed", "postinstall script failed (exit 7)"], key: "scripts.postinstall"
    ) { _, new in
      new.script("postinstall", "mkdir -p /var/lib/shop/index\n[ \"$2\" != 1.0 ] || exit 7")
    },

    Defect(
      name: "a snapshot that misses the file that matters", scenario: "check-fails-1",
      words: ["'/srv/shop/orders' is changed and not brought back"], key: "snapshot"
    ) { _, new in
      new.script("postinstall", "mkdir -p /srv/shop; echo 'format 2' > /srv/shop/orders")
    },

    Defect(
      name: "a service that needs a file which the old version lacks", scenario: "upgrade",
      words: ["the update does not succeed", "cannot read /etc/shop/tls.pem"], key: "services[0]"
    ) { _, new in
      // A first installation makes it, an update does not.
      new.script("postinstall", "[ -n \"$2\" ] || echo key > /etc/shop/tls.pem")
      new.unitSettings =
        "ExecStartPre=/bin/sh -c 'test -r /etc/shop/tls.pem || { echo cannot read /etc/shop/tls.pem >&2; exit 1; }'\n"
    },

    Defect(
      name: "a prerm that fails on upgrade", scenario: "next-upgrade",
      words: ["the preremove script fails when the release is upgraded from"], key: "scripts.preremove"
    ) { _, new in new.script("preremove", "[ \"$1\" != upgrade ] || exit 3") },

    Defect(
      name: "a dump whose verify cannot fail", scenario: "upgrade",
      words: ["the update does not succeed", "dump 'ledger': verify passes on a truncated copy"],
      key: "snapshot.dumps[0].verify"
    ) { _, new in new.belay = belay(verify: "head -n 1 | grep -q v") },

    Defect(
      name: "a conffile that breaks the old version", scenario: "downgrade",
      words: [
        "an administrator cannot go back to the old version",
        "the old version does not know the conffile /etc/shop/conf.d/colour.conf",
      ], key: "services[0]"
    ) { old, new in
      // Both read conf.d; the old one dies of a word it does not know. dpkg leaves a conffile that the old version never had.
      let reads = { (words: String) in
        "ExecStartPre=/bin/sh -c '! cat /etc/shop/conf.d/*.conf 2>/dev/null | grep -vE \"\(words)\"'\n"
      }
      old.unitSettings = reads("^port")
      new.unitSettings = reads("^port|^colour")
      new.files["/etc/shop/conf.d/colour.conf"] = "colour=red\n"
    },

    Defect(
      name: "a migration that loses rows", scenario: "upgrade",
      words: ["dump 'ledger' has 4 lines, 1 fewer than before the upgrade"], key: "steps[0].run"
    ) { _, new in new.belay = belay(run: "sed -i -e s/v1/v2/ -e '/two/d' /srv/ledger/rows") },

    Defect(
      name: "a step that is not repeatable", scenario: "step-runs-twice-1",
      words: ["step 'migrate' is not repeatable", "exit 1"], key: "steps[0].run"
    ) { _, new in new.belay = belay(run: "grep -qx v1 /srv/ledger/rows; sed -i s/v1/v2/ /srv/ledger/rows") },

    Defect(
      name: "a stop that takes longer than its budget", scenario: "upgrade",
      words: ["the good upgrade is down for", "the budget is 2000 ms"], key: "downtime.budget"
    ) { old, new in
      new.belay = belay(blocks: "downtime: {budget: 2s}")
      // It answers nobody any more, and takes its time to end.
      old.unitSettings = "ExecStop=/bin/sh -c 'kill -STOP $MAINPID; sleep 4; kill -CONT $MAINPID'\n"
    },

    Defect(
      name: "a background process left behind", scenario: "upgrade",
      words: ["a process is left behind: sleep 1000"], key: "scripts"
    ) { _, new in
      new.script("postinstall", "setsid sleep 1000 > /dev/null 2>&1 < /dev/null &")
    },
  ]
}
