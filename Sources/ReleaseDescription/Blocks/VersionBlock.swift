import Apt
import Yams

extension Reading {
  private enum Schema: String, CaseIterable { case semver, none }

  /// `[epoch:]version[~prerelease][+version_metadata][-release]`, put together as nFPM does.
  mutating func version(_ fields: Fields) -> String? {
    require(fields, "version")
    let schema: Schema = choice(fields, "version_schema") ?? .semver
    let epoch = epoch(fields)
    let release = expandedLine(fields, "release")
    var prerelease = expandedLine(fields, "prerelease")
    var metadata = expandedLine(fields, "version_metadata")
    guard var version = expandedLine(fields, "version") else { return nil }
    let position = fields.position(of: "version")
    if version.contains(":") {
      error("'\(version.shortened)' holds an epoch", at: position, hint: "epoch: has a key of its own")
      return nil
    }
    if schema == .semver, let semantic = SemanticVersion(version) {
      version = semantic.core
      prerelease = prerelease ?? semantic.prerelease
      metadata = metadata ?? semantic.metadata
    }
    var result = epoch.map { "\($0):" } ?? ""
    result += version + (prerelease.map { "~\($0)" } ?? "") + (metadata.map { "+\($0)" } ?? "")
    result += release.map { "-\($0)" } ?? ""
    do {
      return try DebianVersion(result).description
    } catch {
      let hint = error.reason == .startsWithoutDigit ? "write it without a 'v' or a name in front" : nil
      self.error("\(error)".shortenedMessage, at: position, hint: hint)
      return nil
    }
  }

  private mutating func epoch(_ fields: Fields) -> String? {
    guard let text = expandedLine(fields, "epoch") else { return nil }
    guard let number = Int32(text), number >= 0, text.allSatisfy({ ("0"..."9").contains($0) }) else {
      error("epoch '\(text.shortened)' is not a number from 0 to 2147483647", at: fields.position(of: "epoch"))
      return nil
    }
    return String(number)
  }
}

extension String {
  /// A sentence that quotes a value of unknown length.
  var shortenedMessage: String { count <= 200 ? self : "\(prefix(150))…\(suffix(40))" }
}

/// A version as Masterminds' lenient semver reads it, which is what nFPM uses: `v1.2` is 1.2.0.
private struct SemanticVersion {
  var core: String
  var prerelease: String?
  var metadata: String?

  init?(_ text: String) {
    let form =
      /v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([0-9A-Za-z\-]+(?:\.[0-9A-Za-z\-]+)*))?(?:\+([0-9A-Za-z\-]+(?:\.[0-9A-Za-z\-]+)*))?/
    guard let match = text.wholeMatch(of: form) else { return nil }
    // A number too large for it makes nFPM take the text as it is.
    let numbers = [match.1, match.2 ?? "0", match.3 ?? "0"].map { UInt64($0) }
    guard let major = numbers[0], let minor = numbers[1], let patch = numbers[2] else { return nil }
    core = "\(major).\(minor).\(patch)"
    prerelease = match.4.map(String.init)
    metadata = match.5.map(String.init)
  }
}
