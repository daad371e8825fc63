import TestSupport

/// A good `shop` 1.0 in use and a good 2.0 that migrates its ledger; a defect is planted in one place of it.
struct PlantedPair: Sendable {
  /// Parts of the description. The good migration writes down when it ran: no two runs leave the same bytes.
  var verify = "grep -qx end"
  var run = #"sed -i "1s/.*/v2 since $(date -u +%FT%TZ)/" /srv/ledger/rows"#
  var undo = "sed -i 1s/.*/v1/ /srv/ledger/rows"
  var checks = ""
  var more = ""
  /// `postinstall` or `preremove`, and its text.
  var scripts: [String: String] = [:]
  /// Files of both versions, and of one.
  var files: [String: String] = [:]
  var oldFiles: [String: String] = [:]
  var newFiles: [String: String] = [:]

  /// The ledger: a format, rows, and a last line without which a dump is not whole.
  private static let seed = """
    #!/bin/sh
    set -e
    mkdir -p /srv/ledger
    printf 'v1\\nrow anna 12\\nrow bert 0\\nrow cleo 7\\nend\\n' > /srv/ledger/rows
    echo one > /srv/ledger/format
    """

  var old: TestRelease { release("1.0", steps: "", files: files.merging(oldFiles) { $1 }) }

  var new: TestRelease {
    let steps = """
      steps:
        - name: migrate
          run: \(run)
          undo: \(undo)
      """
    var release = release("2.0", steps: steps, files: files.merging(newFiles) { $1 })
    release.sources = ["seed": Self.seed]
    release.belay += "\nrehearsal: {before: ./seed}"
    if !scripts.isEmpty {
      release.packaging = "scripts:" + scripts.keys.sorted().map { "\n  \($0): ./\($0)" }.joined()
      release.sources.merge(scripts) { $1 }
    }
    return release
  }

  private func release(_ version: String, steps: String, files: [String: String]) -> TestRelease {
    let belay = """
      services:
        - {unit: shop.service, enable: true, on_upgrade: restart}
      snapshot:
        paths:
          - {path: /etc/shop, restore_when: always}
          - {path: /var/lib/shop, restore_when: unopened}
        dumps:
          - name: ledger
            save: cat /srv/ledger/rows
            verify: \(verify)
            restore: cat > /srv/ledger/rows
            restore_when: always
        reserve: 16M
      \(steps)
      \(TestRelease.plainChecks)
      \(checks)
      \(more)
      """
    return TestRelease(version, belay: belay, files: files)
  }
}
