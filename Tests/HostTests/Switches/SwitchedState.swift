import TestSupport

/// A state of a transaction in which a switch is tried, and how a host gets there.
enum SwitchedState: String, CaseIterable, Sendable {
  case prepared, unpacked, saved, updating, checking, returning
  case unproven, held, stranded, committed, returned

  /// Stopped in the middle: something is owed.
  var isInterrupted: Bool {
    switch self {
    case .prepared, .unpacked, .saved, .updating, .checking, .returning: return true
    default: return false
    }
  }

  /// What `status` exits with when no switch is on.
  var exit: Int32 {
    switch self {
    case .committed: return 0
    case .returned: return 1
    case .held, .stranded: return 2
    default: return 3
    }
  }

  /// What decides, by files of /run, how 2.0 ends: its check, its undo, its return.
  fileprivate var knobs: [String] {
    switch self {
    case .unproven: return ["inconclusive"]
    case .held: return ["fail", "no-undo"]
    case .stranded: return ["fail", "no-return"]
    case .returned, .returning: return ["fail"]
    default: return []
    }
  }
}

extension TestRelease {
  /// Version 1.0 or another, whose end is decided by files of /run.
  static func switchable(_ version: String) -> TestRelease {
    let rich = richBelay(
      migrates: version != "1.0", data: "unopened", ledger: "unopened",
      undo: "\"[ ! -e /run/no-undo ]; sed -i s/v2/v1/ /srv/ledger/rows\"",
      fallback: "fallback: {before: [\"[ ! -e /run/no-return ]\"]}")
    return TestRelease(version, belay: rich + "\n" + deciding)
  }

  private static let deciding = """
      - name: decides
        run: |
          [ "$(cat /usr/lib/shop/version)" != 1.0 ] || exit 0
          [ ! -e /run/inconclusive ] || exit 69
          [ ! -e /run/fail ] || exit 78
        retries: 0
        interval: 100ms
        timeout: 400ms
    """
}

extension Host {
  /// Publishes shop 1.0, 2.0 and 3.0 (`switchable`) and `other`, and puts 1.0 into use.
  func useSwitchable() async throws -> ShopState {
    let shelf = ReleaseShelf.shared
    var debs: [String] = []
    for version in ["1.0", "2.0", "3.0"] {
      debs.append(try await shelf.deb("switchable \(version)") { .switchable(version) })
    }
    try await repository.add(debs + (try await shelf.neighbours()))
    return try await useShop()
  }

  /// Brings shop, where 1.0 is in use, to a state; `switching` runs when it is reached, before any of belay's
  /// programs could act.
  func bring(to state: SwitchedState, switching: String = "true", at point: String? = nil) async throws {
    for knob in state.knobs { try await succeed("touch /run/\(knob)") }
    let install = "apt-get -q -y --allow-change-held-packages -o Dpkg::Options::=--force-confold install shop=2.0"
    guard state.isInterrupted else {
      _ = try await run(install)
      try await succeed("timeout 60 sh /var/lib/belay/shop/belay status --wait > /run/status.txt || :; \(switching)")
      return
    }
    try await succeed(
      """
      echo '\(point ?? "\(state)") wait' > /var/lib/belay/shop/fault; rm -f /run/fault.reached /var/lib/belay/shop/fault.reached
      setsid \(install) > /run/command.log 2>&1 < /dev/null &
      """)
    try await until("[ -e /run/fault.reached ]")
    try await succeed(
      """
      \(switching)
      pkill -KILL -x 'apt-get|dpkg'; pkill -KILL -f 'info/[s]hop.postinst|[b]elay settle|[b]elay-prepare|[i]nfo/shop.preinst|tmp.ci/[p]reinst'
      rm -f /var/lib/belay/shop/fault /var/lib/belay/shop/fault.reached
      for try in $(seq 200); do pidof dpkg apt-get > /dev/null || break; sleep 0.03; done
      """)
  }

  /// From wherever it is back to 1.0 in use, by a person.
  func bringBack() async throws {
    try await succeed(
      """
      rm -rf /run/inconclusive /run/fail /run/no-undo /run/no-return /etc/belay /var/lib/belay/shop/hold /var/lib/belay/shop/override
      dpkg --configure -a > /run/back.log 2>&1 || :
      sh /var/lib/belay/shop/belay resume >> /run/back.log 2>&1 || :
      if [ "$(dpkg-query -W -f '${Version} ${db:Status-Abbrev}' shop)" != '1.0 hi ' ]; then
        sh /var/lib/belay/shop/belay return --accept-loss >> /run/back.log 2>&1 || {
          touch /var/lib/belay/shop/override
          apt-get -q -y --allow-change-held-packages --allow-downgrades --reinstall -o Dpkg::Options::=--force-confold \\
            install shop=1.0 >> /run/back.log 2>&1
          printf 'v1\\nrow\\nend\\n' > /srv/ledger/rows
          rm -f /var/lib/belay/shop/override
          apt-mark hold shop >> /run/back.log 2>&1
        }
      fi
      sh /var/lib/belay/shop/belay unblock 2.0 >> /run/back.log 2>&1 || :
      apt-mark auto shop >> /run/back.log 2>&1
      """)
  }

  /// The word of the journal and of `status`, and the exit of `status`, for instance `saved hands-off 3`.
  func words() async throws -> String {
    try await succeed(
      #"""
      sh /var/lib/belay/shop/belay status --json > /run/words.json; code=$?
      perl -ne 'print "$1 " if /"state": *"([a-z]*)"/; print "$1 " if /"display": *"([a-z-]*)"/' /run/words.json
      echo "$code"
      """#)
  }

  /// What the hook does for a version of shop before anything is unpacked.
  func prepare(_ version: String) async throws -> CommandResult {
    try await run(
      "dpkg-deb --ctrl-tarfile /srv/repo/shop_\(version)_all.deb | tar -xO ./preinst > /run/preinst;"
        + " sh /run/preinst belay-prepare 1.0 \(version) /srv/repo/shop_\(version)_all.deb")
  }
}
