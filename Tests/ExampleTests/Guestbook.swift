import ExternalTools
import class Foundation.ProcessInfo
import TestSupport

/// The releases of `examples/guestbook`, each built once by the belay under test.
actor Guestbook {
  static let releases = ["1.0.0", "1.1.0", "1.2.0"]
  private static let shared = Guestbook()
  private var packages: [String: Task<String, any Error>] = [:]

  /// The package of that release.
  static func package(_ version: String) async throws -> String { try await shared.built(version) }

  private func built(_ version: String) async throws -> String {
    let task =
      packages[version]
      ?? Task {
        var environment = ProcessInfo.processInfo.environment
        environment["BELAY"] = Checkout.belay
        let result = try await Tool(
          Checkout.directory + "/examples/guestbook/build", [version, Checkout.products], environment: environment,
          timeout: .seconds(60)
        ).run()
        return String(result.outputText.prefix { !$0.isNewline })
      }
    packages[version] = task
    return try await task.value
  }
}

extension Tool.Result {
  /// Both streams, as a failed test shows them.
  var everything: String { outputText + errorText }
}

extension Host {
  /// A booted host with guestbook's release published and installed through apt.
  static func withGuestbook(_ version: String, _ body: (Host) async throws -> Void) async throws {
    try await booted(.postgresql) { host in
      try await host.repository.add(try await Guestbook.package(version))
      try await host.succeed("apt-get -q -y install guestbook")
      try await body(host)
    }
  }

  /// Publishes that release too and installs it, as an administrator does, also over a hold.
  func update(to version: String) async throws -> CommandResult {
    try await repository.add(try await Guestbook.package(version))
    return try await run("apt-get -q -y --allow-change-held-packages install guestbook", timeout: .seconds(180))
  }

  /// Status and body of a page.
  func page(_ path: String) async throws -> String {
    try await succeed(
      #"""
      perl -MHTTP::Tiny -e 'my $a = HTTP::Tiny->new->get("http://127.0.0.1:8080$ENV{page}"); print "$a->{status} $a->{content}"'
      """#, environment: ["page": path])
  }

  /// Writes an entry over HTTP, which must be acknowledged.
  func sign(_ name: String, _ message: String) async throws {
    try await succeed(
      #"""
      perl -MHTTP::Tiny -e '
        my $entry = { name => $ENV{name}, message => $ENV{message} };
        exit !HTTP::Tiny->new->post_form("http://127.0.0.1:8080/entries", $entry)->{success}'
      """#, environment: ["name": name, "message": message])
  }

  /// What a query answers, one row a line, asked as PostgreSQL's administrator.
  func query(_ statement: String, in database: String = "guestbook") async throws -> String {
    try await succeed(
      #"cd / && runuser -u postgres -- psql -XAtq -v ON_ERROR_STOP=1 -d "$database" -c "$statement""#,
      environment: ["database": database, "statement": statement])
  }
}

extension Guestbook {
  /// Runs the demo with the belay under test.
  static func demo() async throws -> Tool.Result {
    var environment = ProcessInfo.processInfo.environment
    environment["BELAY"] = Checkout.belay
    return try await Tool(
      Checkout.directory + "/examples/guestbook/demo", environment: environment, timeout: .seconds(300)
    ).run(accepting: nil)
  }
}
