import Apt
import Foundation
import Glibc

/// What apt and dpkg know in a root, copied to a place of our own: apt reads the copy only, and so never beyond the root.
final class StateCopy {
  /// As it is in the root; for this process to read only.
  var directory: String { kept.path }
  /// For what this process makes of it.
  var work: String { own.path }
  /// The root's own path, for messages.
  let name: String
  let native: String
  let foreign: [String]
  let status: [Stanza]
  /// Configuration that was left out, in words.
  let notes: [String]

  private let kept: UsedDirectory
  private let own: UsedDirectory

  /// - Parameter place: a directory below which copies are kept.
  init(of root: RootDirectory, named name: String, in place: String) throws(ProofError) {
    self.name = name
    (kept, notes) = try StateStore(place: place).copy(of: root, named: name)
    let copy: RootDirectory
    let bytes: [UInt8]?
    let architectures: [UInt8]?
    do {
      copy = try RootDirectory(kept.path)
      bytes = try copy.read(StateFiles.status, limit: .max)
      architectures = try copy.read(StateFiles.architectures, limit: .max)
    } catch {
      throw ProofError("cannot read '\(kept.path)': \(error)", kind: .couldNot)
    }
    guard let bytes else { throw ProofError("'\(name)' has no var/lib/dpkg/status: it is no root of a Debian system") }
    status = try Self.stanzas(bytes, in: "\(name)/var/lib/dpkg/status")
    guard let dpkg = status.first(where: { $0.name == "dpkg" && $0.isInstalled }),
      Architecture.isKnown(dpkg.architecture)
    else { throw ProofError("'\(name)/var/lib/dpkg/status' has no installed dpkg: the architecture is not known") }
    native = dpkg.architecture
    let main = dpkg.architecture
    foreign = String(decoding: architectures ?? [], as: UTF8.self).split(separator: "\n").map(String.init)
      .filter { $0 != main && $0 != "all" && Architecture.isKnown($0) }
    own = try UsedDirectory(making: "\(place)/run-\(UUID().uuidString)")
  }

  /// Writes a file below `work`.
  /// - Returns: its path.
  func write(_ file: String, _ text: String) throws(ProofError) -> String {
    let path = "\(work)/\(file)"
    do {
      let url = URL(fileURLWithPath: path)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url)
      return path
    } catch {
      throw ProofError("cannot write '\(path)': \(error.localizedDescription)", kind: .couldNot)
    }
  }

  /// libapt-pkg's binary cache of the copy, if there is a whole one (libapt-pkg crashes on some that are not), else where to write it.
  ///
  /// Its name is its digest, so that it cannot be half written, and calls at the same time need no lock.
  func binaryCache() -> String {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? [] where name.hasSuffix(".bin") {
      let path = "\(directory)/\(name)"
      if let digest = Self.digest(path), "\(digest).bin" == name { return path }
      unlink(path)
    }
    return "\(work)/pkgcache.bin"
  }

  /// Keeps what libapt-pkg wrote; if that cannot be, the next call writes it again.
  func keepBinaryCache() {
    let fresh = "\(work)/pkgcache.bin"
    if let digest = Self.digest(fresh) { rename(fresh, "\(directory)/\(digest).bin") }
  }

  /// nil: there is no such file.
  private static func digest(_ path: String) -> String? {
    guard let digester = try? Digester(.sha256), let file = try? RootDirectory("/") else { return nil }
    var isWhole = true
    let isThere = try? file.stream(path, limit: .max) { piece in
      do { try digester.update(piece.bytes) } catch { isWhole = false }
      return isWhole
    }
    return isThere == true && isWhole ? try? digester.finish() : nil
  }

  /// The paragraphs of a status file; dpkg ends each with an empty line.
  static func stanzas(_ bytes: [UInt8], in file: String) throws(ProofError) -> [Stanza] {
    guard !bytes.isEmpty else { throw ProofError("'\(file)' is empty") }
    guard !bytes.contains(0) else { throw ProofError("'\(file)' is damaged: it has NUL bytes") }
    guard bytes.last == UInt8(ascii: "\n") else { throw ProofError("'\(file)' is cut short: its last line has no end") }
    let stanzas = String(decoding: bytes, as: UTF8.self).split(separator: "\n\n").map { Stanza(String($0)) }
    for (index, stanza) in stanzas.enumerated() {
      guard PackageName.isValid(stanza.name), stanza["Status"]?.split(separator: " ").count == 3 else {
        throw ProofError("'\(file)' is damaged: paragraph \(index + 1) has no package's name and status")
      }
      if stanza.isInstalled, stanza["Architecture"] == nil {
        throw ProofError("'\(file)' is damaged: '\(stanza.name)' has no architecture")
      }
    }
    return stanzas
  }
}
