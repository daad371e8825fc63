/// What a release's snapshot keeps, and what it leaves out.
public struct Protection: Sendable, Equatable {
  public var dumps: Int
  public var paths: Int
  /// Each with its reason.
  public var unprotected: [(path: String, reason: String)]

  public static func == (left: Self, right: Self) -> Bool { left.summary == right.summary }

  public init(of release: Release) {
    let snapshot = release.belay?.snapshot ?? Snapshot()
    let copied = snapshot.paths.filter(\.isCopied).map(\.path)
    dumps = snapshot.dumps.count
    paths = copied.count
    unprotected = snapshot.paths.filter { !$0.isCopied }.map { ($0.path, "declared: copy none") }
    let named = snapshot.paths.map(\.path)
    let written = UnitFile.writablePaths(of: release).filter { path in !named.contains { path.isInside($0) } }
    for path in written where !written.contains(where: { $0 != path && path.isInside($0) }) {
      unprotected.append((path, "the service writes there"))
    }
  }

  /// `protected: 1 dump, 2 paths · not protected: /var/lib/shop/uploads (the service writes there)`.
  public var summary: String {
    let counts = "protected: \(Count.of(dumps, "dump")), \(Count.of(paths, "path"))"
    if unprotected.isEmpty { return counts }
    return counts + " · not protected: " + unprotected.map { "\($0.path) (\($0.reason))" }.joined(separator: ", ")
  }
}

/// `1 dump`, `2 dumps`.
public enum Count {
  public static func of(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
}
