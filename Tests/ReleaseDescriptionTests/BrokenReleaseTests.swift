import Foundation
import ReleaseDescription
import TestSupport
import Testing

/// Each description in Tests/BrokenReleases says exactly what stands in the `.expected` beside it.
@Suite struct BrokenReleaseTests {
  static let directory = Checkout.directory + "/Tests/BrokenReleases"
  static let names: [String] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    return files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
  }()

  @Test(arguments: names) func saysExactlyThis(_ name: String) async throws {
    let bytes = try Array(Data(contentsOf: URL(fileURLWithPath: "\(Self.directory)/\(name).yaml")))
    let outcome = await Description.read(bytes)
    let said = outcome.findings.map { "\($0)\n" }.joined() + "\(outcome.summary)\n"
    // A message with the place of this checkout in it would be another one on the next machine.
    try Golden.expect(said.replacing(Checkout.directory, with: "CHECKOUT"), at: "BrokenReleases/\(name).expected")
    #expect(name == "warnings-only" || outcome.release == nil)
  }

  @Test func thereAreFortyOfThem() {
    #expect(Self.names.count >= 40)
  }
}
