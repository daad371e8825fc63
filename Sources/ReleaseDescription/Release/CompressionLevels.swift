extension Compression {
  /// What a description without `deb.compression` gets: measured in docs/compression.md.
  public static let standard = Compression(.zstd, level: Algorithm.zstd.standardLevel)
}

extension Compression.Algorithm {
  /// The level of an algorithm that is named without one.
  public var standardLevel: Int {
    switch self {
    case .none: return 0
    case .gzip: return 9
    case .xz: return 6
    case .zstd: return 3
    }
  }

  public var levels: ClosedRange<Int> {
    switch self {
    case .none: return 0...0
    case .gzip, .xz: return 0...9
    case .zstd: return 1...19
    }
  }
}
