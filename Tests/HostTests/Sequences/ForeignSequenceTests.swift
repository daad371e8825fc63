import TestSupport
import Testing

/// Real dpkg calls foreign packages as the catalogue says: it proves the tracer that the tests of our packages rest on.
@Suite(.needsHost) struct ForeignSequenceTests {
  @Test(arguments: SequenceCase.forward) func forward(_ row: SequenceCase) async throws { try await check(row) }
  @Test(arguments: SequenceCase.removal) func removal(_ row: SequenceCase) async throws { try await check(row) }
  @Test(arguments: SequenceCase.unwind) func unwind(_ row: SequenceCase) async throws { try await check(row) }
  @Test(arguments: SequenceCase.configuredVersion) func configuredVersion(_ row: SequenceCase) async throws {
    try await check(row)
  }

  private func check(_ row: SequenceCase) async throws {
    let shelf = try await Shelf.directory()
    try await Host.bare { host in
      try host.bringAll(from: shelf)
      try await row.check(in: host)
    }
  }
}

/// The packages of the cases, built once a run.
private enum Shelf {
  static func directory() async throws -> String { try await built.value }

  private static let built = Task {
    let directory = try Scratch.make()
    for package in SequenceCase.packages { try await package.build(in: directory) }
    return directory
  }
}
