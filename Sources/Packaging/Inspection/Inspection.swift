import ReleaseDescription

/// What a package will do on a host, read from the package alone.
public struct Inspection: Sendable, Equatable {
  public let plan: Plan
  /// The belay that built it; nil: belay is not in it.
  public let generator: String?
  /// What makes the plan worth less than it looks; a package with one of them is not good.
  public private(set) var doubts: [String] = []
  /// Members of the control archive that act on a host and that a plan does not show.
  public let otherMembers: [String]
  /// The release that the package was built from, as far as the package says; contents without their bytes.
  public let release: Release
  /// Its Pre-Depends and Depends as one relation field; empty: none.
  public let relations: String

  /// Reads the whole file, runs nothing of it and writes nothing.
  public init(_ path: String) throws(InspectionError) {
    let reader = try DebReader(path) { control in
      Set(HostPaths(package: ControlFields(control["control"] ?? [])["Package"] ?? "").ownFiles)
    }
    let fields = ControlFields(reader.control["control"] ?? [])
    guard let name = fields["Package"], let version = fields["Version"], let architecture = fields["Architecture"]
    else {
      throw .damaged(member: "control", reason: "it lacks one of Package, Version and Architecture")
    }
    var release = Release(
      control: Control(
        name: name, version: version, architecture: architecture, section: fields["Section"] ?? "",
        priority: fields["Priority"] ?? "", maintainer: fields["Maintainer"] ?? "",
        description: fields["Description"] ?? "", homepage: nil, relations: [], fields: []),
      contents: reader.contents, scripts: reader.scripts, compression: Compression(.none, level: 0),
      modificationTime: reader.modificationTime, belay: nil)
    if let program = reader.program {
      do {
        let header = try HostHeaderReader(program)
        release.belay = header.belay
        release.scripts = header.scripts
        generator = header.generator
        if header.package != name || header.version != version {
          doubts.append("its program is that of \(header.package) \(header.version)")
        }
      } catch {
        throw .header(error)
      }
    } else {
      generator = nil
    }
    self.release = release
    relations = ["Pre-Depends", "Depends"].compactMap { fields[$0] }.joined(separator: ", ")
    var plan = Plan(of: release)
    plan.files += reader.special
    plan.files.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    self.plan = plan
    otherMembers = ["config", "templates", "triggers"].filter { reader.control[$0] != nil }
    doubts += reader.doubts(about: release, generator: generator)
  }
}

/// The few fields of a control file that say which package it is.
private struct ControlFields {
  private var fields: [String: String] = [:]

  init(_ bytes: [UInt8]) {
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    where line.first != " " && line.first != "\t" {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
      fields[line[..<colon].lowercased()] = String(value)
    }
  }

  subscript(name: String) -> String? {
    guard let value = fields[name.lowercased()], !value.isEmpty else { return nil }
    return value
  }
}

extension Inspection {
  /// For people: who built it, the plans, and what the plans do not show.
  public var text: String {
    get throws {
      let name = "\(plan.package.name) \(plan.package.version)"
      var first =
        generator.map { "\(name) was built by belay \($0)" } ?? "\(name) was not built by belay: nothing takes it back"
      if !otherMembers.isEmpty {
        first += "; its control archive also has: " + otherMembers.joined(separator: ", ")
      }
      return Visible.line(first) + "\n\n" + (try Plans.text(plan))
    }
  }
}
