import ReleaseDescription
import TestSupport

/// Descriptions for tests, and what comes of them.
enum Description {
  static let head = """
    name: shop
    version: 1.4.0
    arch: amd64
    maintainer: Shop Team <shop@example.org>
    description: a shop

    """
  /// The directory of sources that the descriptions in Tests/BrokenReleases name.
  static let tree = Checkout.directory + "/Tests/BrokenReleases/tree"

  static func read(
    _ text: String, in directory: String = tree, variables: [String: String] = [:]
  ) async -> ReleaseReader.Outcome {
    await read(Array(text.utf8), in: directory, variables: variables)
  }

  static func read(
    _ bytes: [UInt8], in directory: String = tree, variables: [String: String] = [:]
  ) async -> ReleaseReader.Outcome {
    let surroundings = Surroundings(
      variables: ["PATH": "/usr/bin:/bin"].merging(variables) { $1 }, directory: directory)
    return await ReleaseReader(surroundings: surroundings).read(bytes, file: "release.yaml")
  }

  /// The messages alone, without places.
  static func messages(_ text: String, in directory: String = tree, variables: [String: String] = [:]) async -> [String]
  {
    await read(text, in: directory, variables: variables).findings.map(\.message)
  }
}
