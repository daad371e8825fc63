import Apt
import ReleaseDescription

/// DEBIAN/control (deb-control(5)).
struct ControlFile {
  let text: String

  /// - Parameter installedSize: in KiB.
  init(_ control: Control, installedSize: Int) throws(PackagingError) {
    try Self.check(control)
    var fields: [Field<String>] = [
      Field("Package", control.name), Field("Version", control.version),
      Field("Architecture", control.architecture), Field("Maintainer", control.maintainer),
      Field("Installed-Size", "\(installedSize)"), Field("Section", control.section),
      Field("Priority", control.priority),
    ]
    if let homepage = control.homepage { fields.append(Field("Homepage", homepage)) }
    for relation in control.relations where !relation.value.isEmpty {
      fields.append(Field(relation.name, relation.value.joined(separator: ", ")))
    }
    for field in fields { try Self.checkLine(field) }
    fields.append(Field("Description", try Self.folded("Description", control.description)))
    for field in control.fields { fields.append(Field(field.name, try Self.folded(field.name, field.value))) }
    try Self.checkNames(fields)
    // A field without a value is an error to dpkg; section and priority may be left out altogether.
    text = Self.ordered(fields.filter { !$0.value.isEmpty }).map { "\($0.name): \($0.value)\n" }.joined()
  }

  /// Checks what becomes a part of file names and of scripts, whoever filled the value in.
  static func check(_ control: Control) throws(PackagingError) {
    guard PackageName.isValid(control.name) else { throw .field(name: "Package", fault: .value) }
    do {
      _ = try DebianVersion(control.version)
    } catch {
      throw .field(name: "Version", fault: .value)
    }
    let isName = { (byte: UInt8) in byte == UInt8(ascii: "-") || PackageName.isLetterOrDigit(byte) }
    guard !control.architecture.isEmpty, control.architecture.utf8.allSatisfy(isName) else {
      throw .field(name: "Architecture", fault: .value)
    }
    for (name, value) in [("Maintainer", control.maintainer), ("Description", control.description)]
    where value.allSatisfy(\.isWhitespace) {
      throw .field(name: name, fault: .empty)
    }
  }

  private static func checkLine(_ field: Field<String>) throws(PackagingError) {
    if field.value.unicodeScalars.contains("\n") { throw .field(name: field.name, fault: .multipleLines) }
    try checkCharacters(field.name, field.value)
  }

  private static func checkCharacters(_ name: String, _ value: String) throws(PackagingError) {
    let isForbidden = { (scalar: Unicode.Scalar) in
      scalar.properties.generalCategory == .control && scalar != "\n" && scalar != "\t"
    }
    if value.unicodeScalars.contains(where: isForbidden) { throw .field(name: name, fault: .controlCharacter) }
  }

  private static func checkNames(_ fields: [Field<String>]) throws(PackagingError) {
    var seen: Set<String> = []
    for field in fields {
      let isSign = { (byte: UInt8) in (33...126).contains(byte) && byte != UInt8(ascii: ":") }
      let first = field.name.utf8.first
      guard let first, first != UInt8(ascii: "#"), first != UInt8(ascii: "-"), field.name.utf8.allSatisfy(isSign)
      else { throw .field(name: field.name, fault: .name) }
      guard seen.insert(field.name.lowercased()).inserted else { throw .field(name: field.name, fault: .duplicate) }
    }
  }

  /// The first line as it is, each further one behind a space, an empty one as ` .`; outer empty lines are dropped.
  private static func folded(_ name: String, _ value: String) throws(PackagingError) -> String {
    try checkCharacters(name, value)
    var lines = value.split(separator: "\n", omittingEmptySubsequences: false).map(\.withoutTrailingSpace)
    while lines.last?.isEmpty == true { lines.removeLast() }
    lines = Array(lines.drop(while: \.isEmpty))
    guard let first = lines.first else { return "" }
    let rest = lines.dropFirst().map { $0.isEmpty ? "\n ." : "\n \($0)" }
    return String(first.drop(while: \.isWhitespace)) + rest.joined()
  }

  /// dpkg's own order (Dpkg::Control::FieldsCore, CTRL_PKG_DEB); fields it does not know follow in their own.
  private static func ordered(_ fields: [Field<String>]) -> [Field<String>] {
    fields.enumerated().sorted { left, right in
      (rank(of: left.element), left.offset) < (rank(of: right.element), right.offset)
    }.map(\.element)
  }

  private static func rank(of field: Field<String>) -> Int {
    order.firstIndex(of: field.name.lowercased()) ?? order.count
  }

  private static let order = [
    "package", "package-type", "source", "version", "kernel-version", "built-for-profiles", "auto-built-package",
    "architecture", "subarchitecture", "installer-menu-item", "build-essential", "essential", "protected", "origin",
    "bugs", "maintainer", "installed-size", "pre-depends", "depends", "recommends", "suggests", "enhances", "conflicts",
    "breaks", "replaces", "provides", "built-using", "static-built-using", "section", "priority", "multi-arch",
    "homepage", "description", "tag", "task",
  ]
}

extension Substring {
  fileprivate var withoutTrailingSpace: Substring {
    var rest = self
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return rest
  }
}
