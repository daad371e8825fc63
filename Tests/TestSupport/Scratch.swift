import Foundation

/// A directory that is gone when `body` is.
public func withScratch<Value>(_ body: (String) async throws -> Value) async throws -> Value {
  let directory = try Scratch.make()
  defer { Scratch.remove(directory) }
  return try await body(directory)
}

/// Directories below the system's temporary one, readable by their owner only.
public enum Scratch {
  /// Makes an empty one; `remove` it.
  public static func make() throws -> String {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("belay-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    return path
  }

  /// Removes it with everything in it.
  public static func remove(_ path: String) {
    // What cannot be removed is the temporary directory's business, not a test's failure.
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Writes a file, its directories included.
  public static func write(_ text: String, to path: String, mode: Int = 0o644) throws {
    let url = URL(fileURLWithPath: path)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
  }
}
