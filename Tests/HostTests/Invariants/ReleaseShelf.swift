import TestSupport

extension TestRelease {
  /// Like `plainBelay`, with everything that a transaction can have: two paths that are put back, a dump, a step.
  ///
  /// The ledger is its database: rows, and a last line without which a dump is not whole.
  static func richBelay(
    gates: String = "", paths: String = "", dump: String = "cat /srv/ledger/rows", verify: String = "grep -qx end",
    migrates: Bool = true, data: String = "always", ledger: String = "always",
    undo: String = "sed -i s/v2/v1/ /srv/ledger/rows",
    steps: String = "", fallback: String = ""
  ) -> String {
    """
    services:
      - {unit: shop.service, enable: true, on_upgrade: restart}
    snapshot:
      paths:
        - {path: /etc/shop, restore_when: always}
        - {path: /var/lib/shop, restore_when: \(data)}
    \(paths)
      dumps:
        - name: ledger
          save: \(dump)
          verify: \(verify)
          restore: cat > /srv/ledger/rows.new; mv /srv/ledger/rows.new /srv/ledger/rows
          restore_when: \(ledger)
      reserve: 16M
    \(migrates ? migration(undo) : "")
    \(steps)
    \(fallback)
    \(gates)
    \(plainChecks)
    """
  }

  private static func migration(_ undo: String) -> String {
    """
    steps:
      - name: migrate
        run: sed -i s/v1/v2/ /srv/ledger/rows
        undo: \(undo)
    """
  }

  /// A step that writes as a new version does: more data, where the old one's is.
  static let writingStep = """
      - name: write
        stage: started
        run: echo written-by-the-new >> /var/lib/shop/entries
        undo: compatible
    """
}

/// The packages of these tests, each built once a run.
actor ReleaseShelf {
  static let shared = ReleaseShelf()

  private var built: [String: Task<String, any Error>] = [:]

  /// The .deb of a release, by a key of its own.
  func deb(_ key: String, _ release: @Sendable @escaping () -> TestRelease) async throws -> String {
    try await once(key) { try await release().build(in: $0) }
  }

  /// The .deb of a foreign package, by a key of its own.
  func foreign(_ key: String, _ package: @Sendable @escaping () -> ForeignPackage) async throws -> String {
    try await once(key) { try await package().build(in: $0) }
  }

  /// `other` and `zother`, 1 and 2, and `slow` (`LongRun`): packages of the same run that have nothing to do with belay.
  func neighbours() async throws -> [String] {
    var debs: [String] = []
    for name in ["other", "zother"] {
      for version in ["1", "2"] {
        debs.append(
          try await foreign("\(name)-\(version)") {
            ForeignPackage(name, version, files: ["/usr/share/\(name)/version": version])
          })
      }
    }
    return debs + [try await foreign("slow") { LongRun.package() }]
  }

  private func once(
    _ key: String, _ build: @Sendable @escaping (String) async throws -> String
  ) async throws -> String {
    if built[key] == nil { built[key] = Task { try await build(try Scratch.make()) } }
    return try await built[key]?.value ?? ""
  }
}

extension Host {
  /// Publishes shop 1.0 (rich, works), 2.0 (rich, answers 500), 3.0 (rich, works), and neighbours that work: `other` and
  /// `zother`, 1 and 2.
  ///
  /// - Parameter data: `restore_when` of the service's data; where it is always put back, 2.0 writes some too.
  func publishShop(data: String = "always") async throws {
    let shelf = ReleaseShelf.shared
    let debs = [
      try await shelf.deb("1.0 \(data)") {
        TestRelease("1.0", belay: TestRelease.richBelay(migrates: false, data: data))
      },
      try await shelf.deb("2.0 \(data)") {
        TestRelease(
          "2.0", .answers500,
          belay: TestRelease.richBelay(data: data, steps: data == "always" ? TestRelease.writingStep : ""),
          files: ["/etc/cron.d/shop": "# a job of the new version\n"], configuration: "port=8080\nnew=yes\n")
      },
      try await shelf.deb("3.0 \(data)") {
        TestRelease("3.0", belay: TestRelease.richBelay(data: data), configuration: "port=8080\n#3\n")
      },
    ]
    try await repository.add(debs + (try await shelf.neighbours()))
  }

  /// Publishes the same with another 1.0.
  func publishShop(withFirst deb: String) async throws {
    try await publishShop()
    try await repository.remove("shop_1.0_*")
    try await repository.add(deb)
  }

  /// shop 1.0 as it is after a while: an entry, an edited conffile, a mark and a hold.
  ///
  /// - Returns: its state then.
  @discardableResult
  func useShop(_ install: String = "apt-get install -q -y shop=1.0 other=1 zother=1") async throws -> ShopState {
    try await succeed("mkdir -p /srv/ledger; printf 'v1\\nrow\\nend\\n' > /srv/ledger/rows")
    try await succeed(install)
    try await post("first")
    try await succeed("echo '# edited' >> /etc/shop/shop.conf; chmod 0640 /etc/shop/shop.conf")
    try await succeed("apt-mark auto shop; apt-mark hold shop")
    return try await shop()
  }
}
