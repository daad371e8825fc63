import TestSupport
import Testing

/// A release of `shop` with one real defect, and how a rehearsal has to report it.
struct Defect: Sendable, CustomTestStringConvertible {
  let name: String
  /// The scenario that has to fail.
  let scenario: String
  /// What its sentence has to say.
  let words: [String]
  /// The key of the description that it blames.
  let key: String?
  /// Makes the good pair a bad one.
  let plant: @Sendable (_ old: inout TestRelease, _ new: inout TestRelease) -> Void

  var testDescription: String { name }

  /// The pair before anything is planted in it: a migration, a dump, entries from `seed`.
  static func pair() -> (old: TestRelease, new: TestRelease) {
    var new = TestRelease("2.0", belay: belay())
    var old = TestRelease("1.0", belay: belay(migrates: false))
    (old.sources["seed"], new.sources["seed"]) = (seed, seed)
    return (old, new)
  }

  /// - Parameter blocks: further blocks of the description.
  static func belay(
    migrates: Bool = true, run: String = "sed -i s/v1/v2/ /srv/ledger/rows",
    undo: String = "sed -i s/v2/v1/ /srv/ledger/rows", verify: String = "grep -qx end",
    checks: String = TestRelease.plainChecks, blocks: String = ""
  ) -> String {
    """
    services:
      - {unit: shop.service, enable: true, on_upgrade: restart}
    snapshot:
      paths:
        - {path: /etc/shop, restore_when: always}
        - {path: /var/lib/shop, restore_when: always}
      dumps:
        - name: ledger
          save: if [ -e /srv/ledger/rows ]; then cat /srv/ledger/rows; else echo end; fi
          verify: \(verify)
          restore: mkdir -p /srv/ledger; cat > /srv/ledger/rows.new; mv /srv/ledger/rows.new /srv/ledger/rows
          restore_when: always
      reserve: 16M
    \(migrates ? "steps:\n  - name: migrate\n    unless: test ! -e /srv/ledger/rows\n    run: \(run)\n    undo: \(undo)" : "")
    \(checks)
    \(blocks)
    rehearsal: {before: seed}
    """
  }

  private static let seed = """
    #!/bin/sh
    set -e
    mkdir -p /srv/ledger
    printf 'v1\\nrow one\\nrow two\\nrow three\\nend\\n' > /srv/ledger/rows
    echo first > /var/lib/shop/entries

    """
}

extension TestRelease {
  /// Gives it a maintainer script, one of nFPM's names.
  mutating func script(_ name: String, _ text: String) {
    sources[name] = "#!/bin/sh\nset -e\n\(text)\n"
    packaging += "scripts: {\(name): \(name)}\n"
  }
}
