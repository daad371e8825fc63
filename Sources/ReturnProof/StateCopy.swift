import Apt
import Foundation

/// What apt and dpkg know in a root, copied to a place of our own: apt reads the copy only, and so never beyond the root.
final class StateCopy {
  let directory: String
  /// The root's own path, for messages.
  let name: String
  let native: String
  let foreign: [String]
  let status: [Stanza]
  /// Configuration that was left out, in words.
  private(set) var notes: [String] = []

  private static let statusLimit = 256 << 20
  private static let listLimit = 512 << 20
  private static let configurationLimit = 1 << 20

  /// - Parameter place: a directory below which the copy is made, and removed with this value.
  init(of root: RootDirectory, named name: String, in place: String) throws(ProofError) {
    self.name = name
    let bytes: [UInt8]?
    do {
      bytes = try root.read("var/lib/dpkg/status", limit: Self.statusLimit)
    } catch {
      throw ProofError("cannot read '\(name)/var/lib/dpkg/status': \(error)")
    }
    guard let bytes else { throw ProofError("'\(name)' has no var/lib/dpkg/status: it is no root of a Debian system") }
    status = try Self.stanzas(bytes, in: "\(name)/var/lib/dpkg/status")
    guard let dpkg = status.first(where: { $0.name == "dpkg" && $0.isInstalled }),
      Architecture.isKnown(dpkg.architecture)
    else { throw ProofError("'\(name)/var/lib/dpkg/status' has no installed dpkg: the architecture is not known") }
    native = dpkg.architecture
    directory = "\(place)/\(UUID().uuidString)"
    let architectures: [UInt8]?
    do {
      architectures = try root.read("var/lib/dpkg/arch", limit: Self.configurationLimit)
    } catch {
      throw ProofError("cannot read '\(name)/var/lib/dpkg/arch': \(error)")
    }
    let main = dpkg.architecture
    foreign = String(decoding: architectures ?? [], as: UTF8.self).split(separator: "\n").map(String.init)
      .filter { $0 != main && $0 != "all" && Architecture.isKnown($0) }
    try write("var/lib/dpkg/status", bytes)
    try copy(root, name)
  }

  deinit { try? FileManager.default.removeItem(atPath: directory) }

  private func copy(_ root: RootDirectory, _ name: String) throws(ProofError) {
    for file in ["var/lib/apt/extended_states", "etc/apt/apt.conf", "etc/apt/sources.list", "etc/apt/preferences"] {
      try copy(file, of: root, name, limit: Self.configurationLimit * 16)
    }
    let directories = ["etc/apt/apt.conf.d", "etc/apt/sources.list.d", "etc/apt/preferences.d", "var/lib/apt/lists"]
    for directory in directories {
      do {
        for file in try root.names(in: directory) where Self.isWanted(file, in: directory) {
          try copy("\(directory)/\(file)", of: root, name, limit: Self.listLimit)
        }
      } catch let error as RootDirectory.Errno {
        throw ProofError("cannot read '\(name)/\(directory)': \(error)")
      } catch let error as ProofError {
        throw error
      } catch {
        throw ProofError("\(error)", kind: .couldNot)
      }
    }
  }

  private static func isWanted(_ file: String, in directory: String) -> Bool {
    guard directory.hasSuffix("/lists") else { return !file.hasPrefix(".") }
    return file.hasSuffix("Release") || file.contains("_Packages")
  }

  private func copy(_ file: String, of root: RootDirectory, _ name: String, limit: Int) throws(ProofError) {
    do {
      guard let bytes = try root.read(file, limit: limit) else { return }
      // An include is read from wherever it says.
      if file.hasPrefix("etc/apt/apt.conf"), String(decoding: bytes, as: UTF8.self).contains("#include") {
        notes.append("'\(file)' includes other files: it was left out")
        return
      }
      try write(file, bytes)
    } catch let error as RootDirectory.Errno {
      throw ProofError("cannot read '\(name)/\(file)': \(error)")
    } catch let error as ProofError {
      throw error
    } catch {
      throw ProofError("\(error)", kind: .couldNot)
    }
  }

  /// Writes a file of the copy.
  func write(_ file: String, _ bytes: [UInt8]) throws(ProofError) {
    let path = "\(directory)/\(file)"
    do {
      try FileManager.default.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
      try Data(bytes).write(to: URL(fileURLWithPath: path))
    } catch {
      throw ProofError("cannot write '\(path)': \(error.localizedDescription)", kind: .couldNot)
    }
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
