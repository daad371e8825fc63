import Apt

/// Answers one question about one root. Nothing below the root is written or locked, and no program is started.
public struct Prover {
  private let question: ReturnProof.Question
  private let root: RootDirectory
  private let copy: StateCopy
  private var proof: ReturnProof
  private let native: String

  /// - Parameter place: a directory of ours for the copy of the root's state.
  public static func prove(
    _ question: ReturnProof.Question, root path: String, in place: String
  ) throws(ProofError) -> ReturnProof {
    let root: RootDirectory
    do {
      root = try RootDirectory(path)
    } catch {
      throw ProofError("cannot open '\(path)': \(error)")
    }
    var prover = try Prover(question, root: root, copy: StateCopy(of: root, named: path, in: place))
    try prover.prove()
    return prover.proof
  }

  private init(_ question: ReturnProof.Question, root: RootDirectory, copy: StateCopy) {
    self.question = question
    self.root = root
    self.copy = copy
    native = copy.native
    proof = ReturnProof(package: question.package, to: question.version)
    proof.notes = copy.notes
    proof.freeSpace = root.freeSpace(at: "var/lib")
    let theirs = copy.status.first { $0.name == "apt" && $0.isInstalled }?.version ?? ""
    proof.isExact = Self.series(theirs) == Self.series(AptCache.version)
  }

  /// `2.6` of `2.6.1+deb12u1`.
  private static func series(_ version: String) -> [Substring] { Array(version.split(separator: ".").prefix(2)) }

  private mutating func prove() throws(ProofError) {
    var status = copy.status
    let architecture = question.architecture == "all" ? native : question.architecture
    let isOurs = { [native, question] (stanza: Stanza) in
      stanza.name == question.package && (stanza.architecture == "all" ? native : stanza.architecture) == architecture
    }
    guard try isUsable() else { return }
    var settings = Settings()
    if let from = question.from, !status.contains(where: { isOurs($0) && $0.isInstalled && $0.version == from }) {
      let text = try open(settings).record(
        question.package, architecture: architecture, version: from, fromArchive: false)
      guard let text else { throw ProofError("'\(question.package)' \(from) is in no list of this root") }
      status = status.filter { !isOurs($0) } + [Stanza(StatusText.installed(text))]
      settings = [("Dir::State::status", try copy.write("before", StatusText.text(status)))]
    }
    let old = status.first { isOurs($0) && $0.isInstalled }
    proof.from = old?.version
    guard isAllowed(old), let set = try simulateUpgrade(status, architecture, old: old, settings) else { return }
    proof.notes = proof.notes.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    try simulateReturn(set)
    proof.canReturn = proof.reasons.isEmpty
  }

  private typealias Settings = [(name: String, value: String)]

  /// Opened anew each time: libapt-pkg's configuration is global, so no two are open at once.
  ///
  /// - Parameter settings: none: the copy as it is, with libapt-pkg's binary cache of it.
  private func open(_ settings: Settings, deb: String? = nil) throws(ProofError) -> AptCache {
    do {
      let foreign = copy.foreign.map { (name: "APT::Architectures::", value: $0) }
      let binary = settings.isEmpty ? [(name: "Dir::Cache::pkgcache", value: copy.binaryCache())] : []
      let cache = try AptCache(copy.directory, architecture: native, settings: foreign + binary + settings, deb: deb)
      if settings.isEmpty { copy.keepBinaryCache() }
      return cache
    } catch {
      // The root's own path: nobody knows the copy's.
      throw ProofError("apt cannot read the state: \(error.reason.replacing(copy.directory, with: copy.name))")
    }
  }

  /// The upgrade, and what its return consists of; nil: apt would refuse it, and the reasons say why.
  private mutating func simulateUpgrade(
    _ status: [Stanza], _ architecture: String, old: Stanza?, _ settings: Settings
  ) throws(ProofError) -> ReturnSet? {
    let cache = try open(settings, deb: question.path)
    guard let run = upgrade(cache, architecture) else { return nil }
    let before = Dictionary(
      status.filter(\.isInstalled).map { ($0.key(native: native), $0) }, uniquingKeysWith: { $1 })
    var after = before
    for (key, stanza) in run { after[key] = stanza }
    let ours = Stanza("Package: \(question.package)\nArchitecture: \(question.architecture)").key(native: native)
    let set = ReturnSet(of: ours, before: before, after: after, run: Set(run.keys), declared: question.members)
    proof.removed = set.removed.map { $0.key(native: native) }
    for stanza in set.back { proof.debs.append(deb(of: stanza, cache)) }
    try project(status, run: run, set: set, old: old)
    return set
  }

  /// dpkg numbers the files of its journal; apt refuses to go on from one.
  private mutating func isUsable() throws(ProofError) -> Bool {
    let journal: [String]
    do {
      journal = try root.names(in: "var/lib/dpkg/updates")
    } catch {
      throw ProofError("cannot read '\(copy.name)/var/lib/dpkg/updates': \(error)")
    }
    guard journal.contains(where: { $0.allSatisfy(\.isNumber) }) else { return true }
    proof.reasons = ["apt would refuse the upgrade: dpkg was interrupted, and what it wrote last is not in its status"]
    proof.remedies = ["let dpkg end first: dpkg --configure -a"]
    return false
  }

  private mutating func isAllowed(_ old: Stanza?) -> Bool {
    guard let old, !question.allowed.isEmpty else { return true }
    let constraints = question.allowed.map { $0.first?.isNumber == true ? "= \($0)" : $0 }
    let groups = constraints.flatMap { Stanza.groups(in: "\(old.name) (\($0))") }
    if groups.contains(where: { $0.contains { old.matches($0) } }) { return true }
    proof.reasons = [
      "\(question.package) \(question.version) returns to \(question.allowed.joined(separator: ", ")), and \(old.version) is installed"
    ]
    proof.remedies = ["update to one of those versions first, or add \(old.version) to fallback.to"]
    return false
  }

  /// What apt would change, by key; nil stanza: removed. nil: it would refuse, and the reasons say why.
  private mutating func upgrade(_ cache: AptCache, _ architecture: String) -> [String: Stanza?]? {
    let request = AptCache.Request(question.package, architecture: architecture, version: question.version)
    if let said = cache.mark([request], resolving: true) {
      _ = cache.mark([request], resolving: false)
      var unmet = cache.unmet
      if unmet.isEmpty {
        // It would mend what is missing now, and apt wants that mended first.
        _ = cache.mark([], resolving: false)
        unmet = cache.unmet
      }
      proof.reasons = ["apt would refuse the upgrade\(said.isEmpty ? "" : ": \(said)")"] + unmet.map(words)
      proof.remedies = ["make the upgrade possible first: nothing has to return from one that apt refuses"]
      return nil
    }
    var run: [String: Stanza?] = [:]
    // Two packages may have one version; only what changes has a record.
    for package in cache.packages where package.installed != package.target || package.record != nil {
      let key =
        package.architecture == native || package.architecture == "all"
        ? package.name : "\(package.name):\(package.architecture)"
      run.updateValue(package.record.map { Stanza($0) }, forKey: key)
      proof.changes.append(.init(package: key, from: package.installed, to: package.target))
    }
    proof.changes.sort {
      ($0.package == question.package ? "" : $0.package) < ($1.package == question.package ? "" : $1.package)
    }
    return run
  }

  /// dpkg's status as the run would leave it, and an index of what comes back (host program: `project_status`).
  private func project(
    _ status: [Stanza], run: [String: Stanza?], set: ReturnSet, old: Stanza?
  ) throws(ProofError) {
    var projected = status.filter { run[$0.key(native: native)] == nil }
    for (key, stanza) in run.sorted(by: { $0.key < $1.key }) {
      guard let stanza else { continue }
      let isOurs = key == question.package || key.hasPrefix(question.package + ":")
      let text = StatusText.installed(stanza.text, as: isOurs ? "half-configured" : "installed")
      projected.append(Stanza(isOurs ? text + (old.map { "\nConfig-Version: \($0.version)" } ?? "") : text))
    }
    _ = try copy.write("after", StatusText.text(projected))
    let index = set.back.map { stanza in
      StatusText.without(["Status", "Config-Version", "Conffiles"], stanza.text)
        + "\nFilename: ./\(stanza.name).deb\nSize: 1\nSHA256: \(String(repeating: "0", count: 64))"
    }
    _ = try copy.write("lists/_way-back_._Packages", index.map { $0 + "\n\n" }.joined())
    _ = try copy.write("sources.list", "deb [trusted=yes] file:/way-back ./\n")
  }

  /// The host's RETURN.conf, with the set's .debs as the only source.
  private var returnSettings: Settings {
    [
      ("APT::Install-Recommends", "false"), ("APT::Install-Suggests", "false"), ("APT::Get::AutomaticRemove", "false"),
      ("APT::Get::allow-downgrades", "true"), ("APT::Get::allow-change-held-packages", "true"),
      ("Dir::Etc::SourceList", "\(copy.work)/sources.list"), ("Dir::Etc::SourceParts", "/dev/null"),
      ("Dir::Etc::Preferences", "/dev/null"), ("Dir::Etc::PreferencesParts", "/dev/null"),
      ("Dir::State::lists", "\(copy.work)/lists/"), ("Dir::State::status", "\(copy.work)/after"),
    ]
  }

  private mutating func simulateReturn(_ set: ReturnSet) throws(ProofError) {
    let cache = try open(returnSettings)
    let requests =
      set.back.map { AptCache.Request($0.name, architecture: $0.architecture, version: $0.version) }
      + set.removed.map { AptCache.Request($0.name, architecture: $0.architecture, version: nil) }
    if let said = cache.mark(requests, resolving: true) {
      _ = cache.mark(requests, resolving: false)
      let unmet = cache.unmet
      proof.reasons += ["apt would refuse the return\(said.isEmpty ? "" : ": \(said)")"] + unmet.map(words)
      for name in Set(unmet.map(\.name)).subtracting([question.package]).sorted() {
        proof.remedies.append("release \(name) in one set with \(question.package)")
      }
      let kept = set.removed.filter { stanza in
        ["Essential", "Protected", "Important"].contains { stanza[$0] == "yes" }
      }
      proof.remedies += kept.map { "release \(question.package) without \($0.name): apt does not remove it again" }
      if proof.remedies.isEmpty {
        proof.remedies = ["bring the host's packages in order first: apt-get --fix-broken install"]
      }
      return
    }
    let unexpected = cache.packages.filter { $0.installed != nil && $0.target == nil }
      .filter { package in !set.removed.contains { $0.name == package.name } }
    guard !unexpected.isEmpty else { return }
    let names = unexpected.map(\.name).sorted()
    proof.reasons.append("the return would remove \(names.joined(separator: ", "))")
    // Without the resolver it shows what those packages miss.
    _ = cache.mark(requests, resolving: false)
    proof.reasons += cache.unmet.map(words)
    proof.remedies += names.map { "release \($0) in one set with \(question.package)" }
  }

  private func words(_ unmet: AptCache.Unmet) -> String {
    let there = unmet.instead.isEmpty ? "which is not there" : "and there would be \(unmet.instead)"
    return switch unmet.field {
    case "Conflicts", "Breaks":
      "\(unmet.name) \(unmet.version) cannot be beside \(unmet.relation), \(there)"
    default: "\(unmet.name) \(unmet.version) needs \(unmet.relation), \(there)"
    }
  }
}

extension Prover {
  /// Where the .deb of what comes back can be had, in the order in which the host looks.
  private mutating func deb(of stanza: Stanza, _ lists: AptCache) -> ReturnProof.Deb {
    var deb = ReturnProof.Deb(
      package: stanza.name, version: stanza.version, architecture: stanza.architecture, sources: [], size: nil)
    for source in question.sources {
      guard let size = size(of: stanza, from: source, lists) else { continue }
      deb.sources.append(source)
      if source != .rebuild, deb.size == nil { deb.size = size }
    }
    if deb.sources.isEmpty {
      let what = "\(stanza.name) \(stanza.version)"
      proof.reasons.append(
        stanza.name == question.package
          ? "no .deb of \(what) can be had"
          : "\(what) goes back with \(question.package) \(proof.from ?? ""), and no .deb of it can be had")
      proof.remedies.append("bring \(what) into a repository of this root, or its .deb into /var/cache/apt/archives")
    }
    return deb
  }

  private mutating func size(
    of stanza: Stanza, from source: ReturnProof.Deb.Source, _ lists: AptCache
  ) -> Int? {
    switch source {
    case .kept: return keptSize(of: stanza)
    case .cache:
      let version = stanza.version.replacing(":", with: "%3a")
      return root.size("var/cache/apt/archives/\(stanza.name)_\(version)_\(stanza.architecture).deb")
    case .archive:
      let record = lists.record(
        stanza.name, architecture: stanza.architecture, version: stanza.version, fromArchive: true)
      return record.map { Int(Stanza($0)["Size"] ?? "") ?? 0 }
    case .rebuild:
      let foreign = "\(stanza.name):\(stanza.architecture)"
      return root.size("var/lib/dpkg/info/\(stanza.name).list") ?? root.size("var/lib/dpkg/info/\(foreign).list")
    }
  }

  /// In our package's stores, and in what the other, if belay built it too, keeps of itself (host program: `find_deb`).
  private mutating func keptSize(of stanza: Stanza) -> Int? {
    let name = "\(stanza.name)_\(stanza.version)_\(stanza.architecture).deb".replacing(":", with: ".")
    let state = "var/lib/belay/\(question.package)"
    var directories = ["\(state)/kept"]
    if stanza.name != question.package { directories.append("var/lib/belay/\(stanza.name)/kept") }
    do {
      let stores = try root.read("\(state)/stores", limit: 1 << 20) ?? []
      directories += String(decoding: stores, as: UTF8.self).split(separator: "\n").map(String.init)
      for directory in directories where try root.names(in: directory).contains(name) {
        if let size = root.size("\(directory)/\(name)") { return size }
      }
    } catch {
      proof.notes.append("what belay keeps on this host could not be seen: \(error)")
    }
    return nil
  }
}
