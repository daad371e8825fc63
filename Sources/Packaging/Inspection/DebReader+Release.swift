import ReleaseDescription

/// What was read, in the words of a release.
extension DebReader {
  var modificationTime: Int { payload.first { $0.name == "/" }?.modificationTime ?? 0 }

  private var conffiles: Set<String> {
    // `remove-on-upgrade PATH` names no file of the package.
    Set(text("conffiles").split(separator: "\n").map(String.init))
  }

  /// Files, directories and links; the bytes of files are not kept, as a plan does not show them.
  var contents: [Content] {
    let conffiles = conffiles
    return payload.compactMap { entry in
      guard entry.name != "/", let kind = kind(of: entry) else { return nil }
      return Content(
        kind: kind, destination: entry.name, mode: entry.mode, owner: entry.user, group: entry.group,
        isConffile: conffiles.contains(entry.name))
    }
  }

  private func kind(of entry: ArchiveReader.Entry) -> Content.Kind? {
    switch entry.type {
    case FileType.directory: .directory
    case FileType.symlink: .symlink(target: entry.symlink ?? "")
    case FileType.regular: .text([])
    // A hard link has the type of no file of its own.
    default: entry.isHardLink ? .text([]) : nil
    }
  }

  /// Devices, fifos and whatever else a release of belay's cannot have.
  var special: [PlannedFile] {
    payload.filter { $0.name != "/" && kind(of: $0) == nil }.map { entry in
      PlannedFile(
        path: entry.name, kind: .special, mode: PlannedFile.digits(entry.mode), owner: entry.user, group: entry.group,
        target: nil, isConffile: false)
    }
  }

  /// The maintainer scripts as they are.
  var scripts: UserScripts {
    func script(_ name: String) -> UserScripts.Script? {
      guard control[name] != nil else { return nil }
      let text = text(name)
      return UserScripts.Script(text: text, interpreter: Self.interpreter(of: text))
    }
    return UserScripts(
      preinst: script("preinst"), postinst: script("postinst"), prerm: script("prerm"), postrm: script("postrm"))
  }

  /// The last part of the shebang's program, or of what env(1) is told to start.
  private static func interpreter(of text: String) -> String {
    guard text.hasPrefix("#!"), let line = text.dropFirst(2).split(separator: "\n").first else { return "unknown" }
    let words = line.split(separator: " ")
    let names = words.map { String($0.split(separator: "/").last ?? "") }
    return names.first == "env" ? names.dropFirst().first ?? "env" : names.first ?? "unknown"
  }

  /// The text of belay's program; nil: belay is not in this package.
  var program: String? {
    let text = text("preinst")
    return text.hasPrefix("#!/bin/sh\n# belay-program ") ? text : nil
  }

  private func text(_ name: String) -> String { String(decoding: control[name] ?? [], as: UTF8.self) }

  /// What differs from what this belay builds of the release that the package says it is.
  func doubts(about release: Release, generator: String?) -> [String] {
    guard let generator else { return [] }
    guard generator == Generator.version else {
      return ["it was built by belay \(generator), this is \(Generator.version): its scripts could not be compared"]
    }
    do {
      var doubts: [String] = []
      for script in try ScriptAssembly(release).scripts where control[script.name] != Array(script.text.utf8) {
        doubts.append("its \(script.name) is not the one that belay builds of this release")
      }
      for content in try BelayPayload.contents(of: release) {
        guard case .text(let bytes) = content.kind, files[content.destination] != bytes else { continue }
        doubts.append("its \(content.destination) is not the one that belay builds of this release")
      }
      return doubts
    } catch {
      return ["its scripts could not be compared: \(error)"]
    }
  }
}
