import Apt
import Foundation
import Glibc

/// A directory of ours that is in use as long as this value lives: whoever clears up asks for its lock first.
final class UsedDirectory {
  let path: String
  /// It is removed with this value.
  var isTemporary: Bool
  private let descriptor: Int32

  /// nil: there is none, it is being removed, or it is not ours alone.
  init?(_ path: String) {
    descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    self.path = path
    isTemporary = false
    guard descriptor >= 0, flock(descriptor, LOCK_SH | LOCK_NB) == 0, isStillThere else { return nil }
  }

  /// Makes it.
  init(making path: String) throws(ProofError) {
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw ProofError("cannot make '\(path)': \(error.localizedDescription)", kind: .couldNot)
    }
    self.path = path
    isTemporary = true
    descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    flock(descriptor, LOCK_SH)
  }

  private init(moving other: UsedDirectory, to path: String) {
    self.path = path
    isTemporary = false
    descriptor = dup(other.descriptor)
    other.isTemporary = false
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
    if isTemporary { try? FileManager.default.removeItem(atPath: path) }
  }

  private var isStillThere: Bool {
    var (mine, there) = (stat(), stat())
    guard fstat(descriptor, &mine) == 0, lstat(path, &there) == 0 else { return false }
    return mine.st_ino == there.st_ino && mine.st_dev == there.st_dev && mine.st_uid == geteuid()
      && mine.st_mode & 0o022 == 0
  }

  /// The same directory under another name, its lock too; nil: that name is taken.
  func moved(to path: String) -> UsedDirectory? {
    rename(self.path, path) == 0 ? UsedDirectory(moving: self, to: path) : nil
  }

  /// Removes a directory unless somebody uses it.
  static func discard(_ path: String) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return }
    // Nobody begins to use it while it is half removed.
    let away = "\(path)-\(UUID().uuidString)"
    if rename(path, away) == 0 { try? FileManager.default.removeItem(atPath: away) }
  }
}

/// Copies of what apt and dpkg know in roots, by their contents: a root that has not changed is not read into a cache again.
struct StateStore {
  /// Its directory.
  let place: String

  private static let kept = 4

  /// A whole copy of the files of a root as they are now.
  func copy(of root: RootDirectory, named name: String) throws(ProofError) -> (
    directory: UsedDirectory, notes: [String]
  ) {
    let files = try StateFiles(of: root, named: name)
    let path = "\(place)/\(files.key)"
    if let there = whole(path, files.key) { return (there, files.notes) }
    let fresh = try UsedDirectory(making: "\(place)/new-\(UUID().uuidString)")
    guard try StateFiles(of: root, named: name, copyingTo: fresh.path).key == files.key else {
      throw ProofError("'\(name)' changes while it is read: ask again")
    }
    clear(except: path)
    if let kept = fresh.moved(to: path) { return (kept, files.notes) }
    // Somebody was faster, or what lies there is damaged; and if that is in use, this copy serves only now.
    if let there = whole(path, files.key) { return (there, files.notes) }
    UsedDirectory.discard(path)
    return (fresh.moved(to: path) ?? fresh, files.notes)
  }

  private func whole(_ path: String, _ key: String) -> UsedDirectory? {
    guard let there = UsedDirectory(path), let copy = try? RootDirectory(path),
      (try? StateFiles(of: copy, named: path))?.key == key
    else { return nil }
    utimensat(AT_FDCWD, path, nil, 0)
    return there
  }

  /// Keeps those that were used last, and nothing that a killed call left behind.
  private func clear(except path: String) {
    let minute = Date(timeIntervalSinceNow: -60)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
    let entries = names.map { "\(place)/\($0)" }.filter { $0 != path }.map { path in
      (path: path, used: (try? FileManager.default.attributesOfItem(atPath: path))?[.modificationDate] as? Date ?? .now)
    }.sorted { $0.used > $1.used }
    let isCopy = { (path: String) in path.split(separator: "/").last?.count == 64 }
    for entry in entries.filter({ isCopy($0.path) }).dropFirst(Self.kept - 1) { UsedDirectory.discard(entry.path) }
    for entry in entries where !isCopy(entry.path) && entry.used < minute { UsedDirectory.discard(entry.path) }
  }
}
