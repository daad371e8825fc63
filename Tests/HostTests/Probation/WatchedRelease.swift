import TestSupport

extension TestRelease {
  /// Version 1.0, or another that is under watch: files of /run say what its check says.
  static func watched(
    _ version: String, _ keys: String, steps: String = "", files: [String: String] = [:], retries: Int = 2
  ) -> TestRelease {
    let rich = richBelay(migrates: version != "1.0", data: "unopened", steps: steps)
    let belay = [rich, deciding + "\n    retries: \(retries)", notifying, keys].joined(separator: "\n")
    return TestRelease(version, belay: belay, files: files)
  }

  private static let deciding = """
      - name: decides
        run: |
          [ "$(cat /usr/lib/shop/version)" != 1.0 ] || exit 0
          [ ! -e /run/inconclusive ] || exit 69
          [ ! -e /run/fail ]
        interval: 100ms
        timeout: 400ms
    """

  private static let notifying = """
    notify:
      - run: sed 's/.*"state". "\\([a-z]*\\)".*/\\1/' >> /run/notified
        on: [probation, unproven, committed, returned]
    """
}

extension Host {
  /// Publishes shop 1.0, 2.0 and 3.0, the later two with these keys of their description, and puts 1.0 into use.
  func useWatched(_ keys: String, steps: String = "", files: [String: String] = [:], retries: Int = 2) async throws
    -> ShopState
  {
    let shelf = ReleaseShelf.shared
    var debs = [try await shelf.deb("watched 1.0") { .watched("1.0", "") }]
    for version in ["2.0", "3.0"] {
      debs.append(
        try await shelf.deb("watched \(version) \(keys) \(steps) \(files.keys.sorted()) \(retries)") {
          .watched(version, keys, steps: steps, files: files, retries: retries)
        })
    }
    try await repository.add(debs + (try await shelf.neighbours()))
    let state = try await useShop()
    try await succeed("rm -f /run/notified")
    return state
  }

  func update(to version: String = "2.0") async throws -> CommandResult {
    try await apt("install shop=\(version)", options: "-o Dpkg::Options::=--force-confold")
  }

  /// Waits until nothing is open any more, whoever ended it.
  func isSettled() async throws {
    try await until("! [ -L /var/lib/belay/shop/open ]", within: .seconds(80))
    try await lookIsOver()
  }

  /// Waits for a look that was under way when somebody else decided: it sees that, and ends.
  func lookIsOver() async throws {
    try await until(
      "! ls /run/systemd/transient/belay-shop-probation.service /run/systemd/transient/belay-shop-unproven.service | grep -q ."
    )
  }
}
