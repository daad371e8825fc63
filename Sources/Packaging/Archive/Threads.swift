import Glibc

extension ArchiveWriter {
  /// One for each processor, two at least: from two on, the bytes do not depend on the count; with one, xz and zstd
  /// write another stream. Eight at most, because xz takes up to 700 MB for each.
  static var threads: String {
    "\(min(max(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 2), 8))"
  }
}
