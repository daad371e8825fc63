import Foundation
import Testing

/// Whole texts held as files beside the tests.
public enum Golden {
  /// Compares `text` with the file; with BELAY_RECORD set it writes the file instead and fails the run, so that nobody
  /// takes a recording for a test.
  public static func expect(_ text: String, at path: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let file = URL(fileURLWithPath: Checkout.directory + "/Tests/" + path)
    if ProcessInfo.processInfo.environment["BELAY_RECORD"] != nil {
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
      Issue.record("recorded \(path)", sourceLocation: sourceLocation)
      return
    }
    let expected = try String(decoding: Data(contentsOf: file), as: UTF8.self)
    if text == expected { return }
    Issue.record("\(path) differs: \(difference(expected, text))", sourceLocation: sourceLocation)
  }

  /// The first line that differs, of both.
  private static func difference(_ expected: String, _ text: String) -> String {
    let old = expected.split(separator: "\n", omittingEmptySubsequences: false)
    let new = text.split(separator: "\n", omittingEmptySubsequences: false)
    for index in 0..<max(old.count, new.count) {
      let wanted = index < old.count ? String(old[index]) : "(end)"
      let got = index < new.count ? String(new[index]) : "(end)"
      if wanted != got { return "line \(index + 1) is '\(got)', expected '\(wanted)'" }
    }
    return "only in its bytes"
  }
}
