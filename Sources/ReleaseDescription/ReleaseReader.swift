import Yams

/// Reads a release description: YAML as written into the release as meant, or everything that is wrong with it.
public struct ReleaseReader: Sendable {
  public let surroundings: Surroundings

  public init(surroundings: Surroundings) { self.surroundings = surroundings }

  public struct Outcome: Sendable {
    /// nil exactly when a finding is an error.
    public var release: Release?
    /// In the order of the file.
    public var findings: [Finding]
    /// Of what could be read, errors or not; nil: nothing of belay's in it.
    public var protection: Protection?

    /// `2 errors, 1 warning · protected: 1 dump, 2 paths`.
    public var summary: String {
      let counts = [Finding.Severity.error, .warning, .note].compactMap { severity -> String? in
        let count = findings.count { $0.severity == severity }
        return count > 0 || severity == .error ? Count.of(count, severity.rawValue) : nil
      }
      let found = counts.joined(separator: ", ")
      return protection.map { "\(found) · \($0.summary)" } ?? found
    }
  }

  /// The file that cannot be read at all.
  public struct UnreadableFile: Error, CustomStringConvertible {
    public let file: String
    public var description: String { "'\(file)' cannot be read" }
  }

  /// - Throws: when there is nothing to have findings in.
  public func read(file: String) async throws(UnreadableFile) -> Outcome {
    await read(try bytes(of: file), file: file)
  }

  func bytes(of file: String) throws(UnreadableFile) -> [UInt8] {
    let path = file.hasPrefix("/") ? file : "\(surroundings.directory)/\(file)"
    guard FileSystem.status(path, followingSymlinks: true)?.kind == .regular,
      let bytes = FileSystem.bytes(of: path, limit: 64 << 20)
    else { throw UnreadableFile(file: file) }
    return bytes
  }

  /// The same for bytes in hand; `file` is for the findings.
  public func read(_ bytes: [UInt8], file: String) async -> Outcome {
    var reading = Reading(file: file, surroundings: surroundings)
    let release = await reading.release(bytes)
    return Outcome(
      release: reading.hasErrors ? nil : release, findings: reading.sortedFindings,
      protection: release.flatMap { $0.belay == nil ? nil : Protection(of: $0) })
  }
}

extension Reading {
  fileprivate mutating func release(_ bytes: [UInt8]) async -> Release? {
    guard let root = document(bytes) else { return nil }
    let keys = Keys(
      known: PackagingKeys.known + PackagingKeys.otherFormats + Self.belayKeys + [Self.rehearsalKey],
      later: PackagingKeys.later + Self.laterBelayKeys, nullIsAbsent: true)
    guard let fields = fields(root, "the release description", keys) else { return nil }
    otherFormats(fields)
    let deb = deb(fields)
    let belay = belay(fields)
    let release = Release(
      control: withBreaks(of: belay?.set, control(fields, deb)), contents: contents(fields),
      scripts: scripts(fields, isPlain: belay == nil),
      compression: compression(deb), modificationTime: modificationTime(fields), belay: belay?.value,
      rehearsal: rehearsal(fields))
    if let belay {
      somethingIsStopped(belay)
      restartedServicesAreChecked(belay)
      unitsAreKnown(belay, release.contents)
      httpsNeedsCurl(belay, release.control)
      theWayBackLeadsDown(belay, release.control)
      nothingOfBelaysIsShipped(release)
    }
    await checkSnippets()
    return release
  }

  /// SOURCE_DATE_EPOCH, else `mtime`, else a fixed time (reproducible-builds.org's order).
  private mutating func modificationTime(_ fields: Fields) -> Int {
    let written = time(fields, "mtime")
    guard let text = surroundings.variables["SOURCE_DATE_EPOCH"], !text.isEmpty else {
      return written ?? Release.standardModificationTime
    }
    // tar's octal field ends there.
    if let seconds = Int(text), (0...0o77_777_777_777).contains(seconds) { return seconds }
    error("SOURCE_DATE_EPOCH is '\(text.shortened)', not a number of seconds", at: .start)
    return Release.standardModificationTime
  }

  /// The names that the builder gives to what it adds.
  private mutating func nothingOfBelaysIsShipped(_ release: Release) {
    let name = release.control.name
    let added = ["/usr/sbin/belay-\(name)", "/usr/share/man/man8/belay-\(name).8.gz"]
    for content in release.contents
    where added.contains(content.destination) || content.destination.hasPrefix("/etc/apt/apt.conf.d/60belay-") {
      error("'\(content.destination)' belongs to belay", at: .start)
    }
  }
}
