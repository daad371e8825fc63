import CAptShim
import Glibc

/// libapt-pkg's cache of one copied state, and what its resolver makes of requests.
///
/// One at a time in a process, on one thread: libapt-pkg's configuration is global.
public final class AptCache {
  private let cache: OpaquePointer

  /// - Parameter directory: a copy of the state, of the caller's own.
  /// - Parameter settings: win over the copy's apt.conf, in their order; a name ending in `::` appends.
  /// - Parameter deb: a package file that is a candidate too.
  public init(
    _ directory: String, architecture: String, settings: [(name: String, value: String)] = [], deb: String? = nil
  ) throws(AptError) {
    var error: UnsafeMutablePointer<CChar>?
    var texts: [UnsafePointer<CChar>?] = []
    for setting in settings {
      texts.append(UnsafePointer(strdup(setting.name)))
      texts.append(UnsafePointer(strdup(setting.value)))
    }
    defer { for text in texts { free(UnsafeMutableRawPointer(mutating: text)) } }
    texts.append(nil)
    let opened = capt_cache_open(directory + "/", architecture, texts, deb, &error)
    defer { free(error) }
    guard let opened else { throw AptError(reason: error.map { String(cString: $0) } ?? "libapt-pkg gives no reason") }
    cache = opened
  }

  deinit { capt_cache_close(cache) }

  /// The version of apt whose decisions these are.
  public static var version: String { String(cString: capt_apt_version()) }

  public struct Request: Sendable {
    public var name: String
    public var architecture: String
    /// nil: it is to be removed.
    public var version: String?

    public init(_ name: String, architecture: String, version: String?) {
      self.name = name
      self.architecture = architecture
      self.version = version
    }
  }

  /// - Returns: nil when apt would do it, else what it says, which may be nothing.
  public func mark(_ requests: [Request], resolving: Bool) -> String? {
    var error: UnsafeMutablePointer<CChar>?
    let texts = requests.map { (strdup($0.name), strdup($0.architecture), $0.version.flatMap { strdup($0) }) }
    defer {
      for text in texts {
        free(text.0)
        free(text.1)
        free(text.2)
      }
      free(error)
    }
    let asked = texts.compactMap { name, architecture, version -> capt_request? in
      guard let name, let architecture else { return nil }
      return capt_request(name: name, architecture: architecture, version: version)
    }
    if capt_cache_mark(cache, asked, asked.count, resolving, &error) { return nil }
    return error.map { String(cString: $0) } ?? ""
  }

  public struct Package: Sendable {
    public let name: String
    public let architecture: String
    /// nil: not installed.
    public let installed: String?
    /// After what was marked; nil: removed.
    public let target: String?
    /// The control stanza of `target`, when it is not what is installed.
    public let record: String?
    public let isHeld: Bool
  }

  /// Whatever is installed before or after what was marked.
  public var packages: [Package] {
    var found: [Package] = []
    withUnsafeMutablePointer(to: &found) { found in
      capt_cache_visit_packages(cache, found) { context, package in
        let value = package.pointee
        context?.assumingMemoryBound(to: [Package].self).pointee.append(
          Package(
            name: String(cString: value.name), architecture: String(cString: value.architecture),
            installed: value.installed.map { String(cString: $0) }, target: value.target.map { String(cString: $0) },
            record: value.record.map { String(cString: $0) }, isHeld: value.is_held))
      }
    }
    return found
  }

  /// A relation that what was marked leaves unmet.
  public struct Unmet: Sendable, Equatable {
    public let name: String
    public let version: String
    /// The field: `Depends`, `Conflicts`, …
    public let field: String
    public let relation: String
    /// What is there of what the relation names: `libfoo1 2.1`; empty: nothing.
    public let instead: String
  }

  public var unmet: [Unmet] {
    var found: [Unmet] = []
    withUnsafeMutablePointer(to: &found) { found in
      capt_cache_visit_unmet(cache, found) { context, unmet in
        let value = unmet.pointee
        context?.assumingMemoryBound(to: [Unmet].self).pointee.append(
          Unmet(
            name: String(cString: value.name), version: String(cString: value.version),
            field: String(cString: value.type), relation: String(cString: value.relation),
            instead: String(cString: value.instead)))
      }
    }
    return found
  }

  /// The control stanza of a version; nil: unknown, or with `fromArchive` in no source that it can be fetched from.
  public func record(_ name: String, architecture: String, version: String, fromArchive: Bool) -> String? {
    guard let text = capt_cache_record(cache, name, architecture, version, fromArchive) else { return nil }
    defer { free(text) }
    return String(cString: text)
  }
}

/// libapt-pkg could not read a state.
public struct AptError: Error, CustomStringConvertible {
  public let reason: String
  public var description: String { reason }
}
