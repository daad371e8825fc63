import Testing

/// A defect in a pair that is good otherwise, and how a rehearsal has to report it.
struct PlantedDefect: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var plant: @Sendable (inout PlantedPair) -> Void
  /// The scenario that has to fail.
  var scenario: String
  /// What its sentence has to hold.
  var words: [String]
  /// The key that it has to blame; nil: the description has none for it.
  var key: String
  /// What the line of release.yaml that it names begins with.
  var line: String

  init(
    _ name: String, _ scenario: String, _ words: [String], blames key: String, at line: String,
    _ plant: @escaping @Sendable (inout PlantedPair) -> Void
  ) {
    testDescription = name
    self.plant = plant
    self.scenario = scenario
    self.words = words
    self.key = key
    self.line = line
  }
}

extension PlantedDefect {
  private static let dropIn = "/lib/systemd/system/shop.service.d/planted.conf"
  private static let settings = "/usr/lib/shop/settings"

  static let all = [
    PlantedDefect(
      "undo that does not undo", "step-fails-when-done-1",
      ["the undo of step 'migrate' does not bring back what the step changed", "dump 'ledger'"],
      blames: "steps[0].undo", at: "undo:"
    ) { $0.undo = "sed -i s/v3/v1/ /srv/ledger/rows" },
    PlantedDefect(
      "check that always passes", "vacuous",
      ["check 'listens' passes although shop.service is stopped: it proves nothing"],
      blames: "checks[2]", at: "- name: listens"
    ) {
      // Nobody looks at what it finds.
      $0.checks = """
          - name: listens
            run: perl -MIO::Socket::INET -e 'IO::Socket::INET->new("127.0.0.1:8080")'
            interval: 100ms
        """
    },
    PlantedDefect(
      "user postinst that fails half-way", "upgrade",
      ["the update does not succeed", "postinstall script failed (exit 1)", "chown: invalid user"],
      blames: "scripts.postinstall", at: "postinstall:"
    ) {
      $0.scripts["postinstall"] = """
        #!/bin/sh
        set -e
        mkdir -p /var/lib/shop/index
        chown shopkeeper /var/lib/shop/index
        echo ready > /var/lib/shop/index/state
        """
    },
    PlantedDefect(
      "snapshot that misses the file that matters", "check-fails-1",
      ["'/srv/ledger/format' is changed and not brought back", "nor the snapshot knows it"],
      blames: "snapshot", at: "snapshot:"
    ) { $0.run += "; echo two > /srv/ledger/format" },
    PlantedDefect(
      "service that needs a file which the old version lacks", "upgrade",
      ["the update does not succeed", "shop.service", "cannot open /etc/shop/rates: No such file"],
      blames: "services[0]", at: "- {unit: shop.service"
    ) { $0.newFiles[dropIn] = "[Service]\nExecStartPre=/bin/sh -c 'read -r rates < /etc/shop/rates'\n" },
    PlantedDefect(
      "prerm that fails on upgrade", "next-upgrade",
      ["the preremove script fails when the release is upgraded from", "shop-worker.service not loaded"],
      blames: "scripts.preremove", at: "preremove:"
    ) {
      $0.scripts["preremove"] = """
        #!/bin/sh
        set -e
        if [ "$1" = upgrade ]; then systemctl stop shop-worker.service; fi
        """
    },
    PlantedDefect(
      "dump whose verify cannot fail", "upgrade", ["dump 'ledger': verify passes on a truncated copy"],
      blames: "snapshot.dumps[0].verify", at: "verify:"
    ) { $0.verify = "grep -q ^row" },
    PlantedDefect(
      "conffile that breaks the old version", "downgrade",
      [
        "an administrator cannot go back to the old version",
        "/etc/shop/conf.d/currency.conf: unknown setting 'currency'",
      ],
      blames: "contents", at: "contents:", conffileThatBreaksTheOld
    ),
    PlantedDefect(
      "migration that loses rows", "upgrade", ["dump 'ledger' has 4 lines, 1 fewer than before the upgrade"],
      blames: "steps[0].run", at: "run:"
    ) { $0.run = "sed -i -e s/v1/v2/ -e '/ 0$/d' /srv/ledger/rows" },
    PlantedDefect(
      "step that is not repeatable", "step-runs-twice-1", ["step 'migrate' is not repeatable", "dump 'ledger'"],
      blames: "steps[0].run", at: "run:"
    ) {
      // Euros become cents, and then cents of cents.
      $0.run = "sed -i -e s/v1/v2/ -e '/^row/s/$/00/' /srv/ledger/rows"
      $0.undo = "sed -i -e '/^v2/,$ {/^row/s/00$//}' -e s/v2/v1/ /srv/ledger/rows"
    },
    PlantedDefect(
      "stop that takes longer than its budget", "upgrade",
      ["the good upgrade is down for ", "the budget is 2000 ms", "shop.service took 4", " ms to stop"],
      blames: "downtime.budget", at: "downtime: {budget: 2s}"
    ) {
      $0.files[dropIn] = "[Service]\nExecStop=/bin/sh -c 'kill $MAINPID; sleep 4'\n"
      $0.more = "downtime: {budget: 2s}"
    },
    PlantedDefect(
      "background process left behind", "upgrade", ["a process is left behind: sleep 1000"],
      blames: "scripts.postinstall", at: "postinstall:"
    ) { $0.scripts["postinstall"] = "#!/bin/sh\nsetsid sleep 1000 > /dev/null 2>&1 < /dev/null &\n" },
    PlantedDefect(
      "user preinst that fails", "upgrade",
      ["the preinstall script of the release failed", "id: ‘shopkeeper’: no such user"],
      blames: "scripts.preinstall", at: "preinstall:"
    ) { $0.scripts["preinstall"] = "#!/bin/sh\nset -e\nid shopkeeper > /dev/null\n" },
    PlantedDefect(
      "step that is not repeatable in what no dump holds", "step-runs-twice-1",
      ["step 'migrate' is not repeatable", "'/srv/ledger/format' is not as after the good upgrade"],
      blames: "steps[0].run", at: "run:"
    ) { $0.run += "; echo two >> /srv/ledger/format" },
  ]

  /// Reads a setting that only the new version knows, and which its package leaves behind.
  static let conffileThatBreaksTheOld: @Sendable (inout PlantedPair) -> Void = {
    $0.files[dropIn] = "[Service]\nExecStartPre=/bin/sh \(settings)\n"
    $0.oldFiles[settings] = reader(of: "port|name")
    $0.newFiles[settings] = reader(of: "port|name|currency")
    $0.newFiles["/etc/shop/conf.d/currency.conf"] = "currency=EUR\n"
  }

  /// A program that knows some settings and refuses others.
  private static func reader(of keys: String) -> String {
    """
    for file in /etc/shop/conf.d/*.conf; do
      [ -e "$file" ] || continue
      while IFS== read -r key value; do
        case $key in \(keys)) ;; *) echo "$file: unknown setting '$key'" >&2; exit 1 ;; esac
      done < "$file"
    done

    """
  }
}
