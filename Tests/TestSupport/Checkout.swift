import Foundation

/// Where this checkout and what it built are.
public enum Checkout {
  /// The top directory of the sources.
  public static let directory: String = {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .path
  }()

  /// The directory of the running test bundle: SwiftPM puts every product there.
  public static let products: String = {
    let executable = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return URL(fileURLWithPath: executable ?? CommandLine.arguments[0]).deletingLastPathComponent().path
  }()

  /// The `belay` program that was built together with the tests.
  public static var belay: String { products + "/belay" }

  /// Directories that hold no source of ours.
  private static let skipped: Set<String> = [".git", ".cache", ".swiftpm"]

  /// All files of the tree that a person wrote, as paths relative to `directory`.
  public static func files() -> [String] {
    guard let walker = FileManager.default.enumerator(atPath: directory) else { return [] }
    var found: [String] = []
    while let path = walker.nextObject() as? String {
      let first = path.split(separator: "/").first.map(String.init) ?? ""
      if skipped.contains(first) || first.hasPrefix(".build") {
        walker.skipDescendants()
        continue
      }
      var isDirectory: ObjCBool = false
      let exists = FileManager.default.fileExists(atPath: directory + "/" + path, isDirectory: &isDirectory)
      if exists && !isDirectory.boolValue { found.append(path) }
    }
    return found.sorted()
  }
}
