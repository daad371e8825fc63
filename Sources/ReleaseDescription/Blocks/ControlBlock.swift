import Apt
import Yams

extension Reading {
  private static let priorities = ["required", "important", "standard", "optional"]

  mutating func control(_ fields: Fields, _ deb: Fields?) -> Control {
    let name = packageName(fields)
    let version = version(fields)
    let architecture = architecture(fields, deb)
    let maintainer = maintainer(fields)
    let homepage = homepage(fields)
    fieldsWithoutUse(fields)
    return Control(
      name: name ?? "", version: version ?? "", architecture: architecture ?? "", section: section(fields),
      priority: priority(fields), maintainer: maintainer ?? "", description: description(fields), homepage: homepage,
      relations: relations(fields, deb), fields: deb.map { debFields($0) } ?? [])
  }

  private mutating func packageName(_ fields: Fields) -> String? {
    require(fields, "name")
    guard let name = expandedLine(fields, "name") else { return nil }
    if PackageName.isValid(name) { return name }
    let hint = "at least two of a-z, 0-9, '+', '-', '.', beginning with a letter or digit"
    error("'\(name.shortened)' is not a package name", at: fields.position(of: "name"), hint: hint)
    return nil
  }

  private mutating func maintainer(_ fields: Fields) -> String? {
    require(fields, "maintainer", hint: "maintainer: Name <mail@example.org>")
    guard let text = expandedLine(fields, "maintainer") else { return nil }
    if text.wholeMatch(of: /[^<>]*[^<>\s] <[^<>@\s]+@[^<>@\s]+>/) == nil {
      warning(
        "maintainer '\(text.shortened)' is not of the form 'Name <mail@example.org>'",
        at: fields.position(of: "maintainer"))
    }
    return text
  }

  private mutating func description(_ fields: Fields) -> String {
    guard let text = text(fields, "description") else {
      if fields.keyPositions["description"] == nil {
        warning("no description", at: fields.position, hint: "description: one line, then more lines where useful")
      }
      // nFPM's words; dpkg wants the field.
      return "no description given"
    }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let synopsis = lines.first.map(String.init) ?? ""
    let position = fields.position(of: "description")
    if synopsis.allSatisfy(\.isWhitespace) { error("the first line of the description is empty", at: position) }
    if synopsis.count > 80 {
      warning(
        "the first line of the description has \(synopsis.count) characters, 80 is the most that is shown",
        at: position)
    }
    return String(text.reversed().drop(while: \.isWhitespace).reversed())
  }

  private mutating func homepage(_ fields: Fields) -> String? {
    guard let text = expandedLine(fields, "homepage") else { return nil }
    if text.wholeMatch(of: /(?i)https?:\/\/[^\s\/]+\S*/) == nil {
      error("homepage '\(text.shortened)' is not an http address", at: fields.position(of: "homepage"))
    }
    return text
  }

  private mutating func priority(_ fields: Fields) -> String {
    guard let text = line(fields, "priority") else { return "optional" }
    let position = fields.position(of: "priority")
    if text == "extra" {
      warning("priority 'extra' was retired, 'optional' is used", at: position)
      return "optional"
    }
    if !Self.priorities.contains(text) {
      let hint = "one of \(Self.priorities.joined(separator: " | "))"
      error("priority cannot be '\(text.shortened)'", at: position, hint: hint)
    }
    return text
  }

  private mutating func section(_ fields: Fields) -> String {
    guard let text = line(fields, "section") else { return "misc" }
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    let isKnown = Section.known.contains(parts.last ?? "")
    let hasArea = parts.count == 1 || (parts.count == 2 && Section.areas.contains(parts[0]))
    if text.wholeMatch(of: /[a-z0-9\-\/.+]+/) == nil {
      error("'\(text.shortened)' is not a section", at: fields.position(of: "section"))
    } else if !isKnown || !hasArea {
      let question = Spelling.nearest(to: parts.last ?? "", among: Section.known).map { ", did you mean '\($0)'?" }
      warning("section '\(text)' is not one of Debian's\(question ?? "")", at: fields.position(of: "section"))
    }
    return text
  }

  /// Keys of nFPM's that no field of a .deb takes: said, because what is silently dropped is relied upon.
  private mutating func fieldsWithoutUse(_ fields: Fields) {
    if let platform = expandedLine(fields, "platform"), platform != "linux" {
      error("platform '\(platform.shortened)' cannot be packaged, only 'linux'", at: fields.position(of: "platform"))
    }
    if expandedLine(fields, "vendor") != nil {
      note("'vendor' has no field in a .deb", at: fields.position(of: "vendor"))
    }
    if line(fields, "license") != nil {
      note(
        "'license' has no field in a .deb", at: fields.position(of: "license"),
        hint: "ship the text as /usr/share/doc/PACKAGE/copyright")
    }
  }
}
