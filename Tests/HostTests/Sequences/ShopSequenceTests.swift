import TestSupport
import Testing

/// Every call of the catalogue with belay's package on either side, by bare dpkg, on a booted host.
@Suite(.needsHost) struct ShopSequenceTests {
  @Test(arguments: ShopCase.oursToOurs) func oursToOurs(_ row: ShopCase) async throws { try await check(row) }
  @Test(arguments: ShopCase.foreignToOurs) func foreignToOurs(_ row: ShopCase) async throws { try await check(row) }
  @Test(arguments: ShopCase.oursToForeign) func oursToForeign(_ row: ShopCase) async throws { try await check(row) }

  private func check(_ row: ShopCase) async throws {
    let shelf = try await ShopShelf.directory()
    try await Host.booted { host in
      // The index is there in any case, but apt has not heard of it.
      if row.isPublished { try await host.repository.copy(shelf) } else { try host.bringAll(from: shelf) }
      try await row.check(in: host)
    }
  }
}
