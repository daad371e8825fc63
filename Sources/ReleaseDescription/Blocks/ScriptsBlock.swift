import Yams

extension Reading {
  private static let scriptKeys = ["preinstall", "postinstall", "preremove", "postremove"]
  private static let largestScript = 256 << 10

  /// nFPM's `scripts`, read and looked at: nobody finds a syntax error in a postinst on a host any more.
  mutating func scripts(_ fields: Fields, isPlain: Bool) -> UserScripts {
    guard let node = fields["scripts"] else { return UserScripts() }
    guard let fields = self.fields(node, "'scripts'", Keys(known: Self.scriptKeys, nullIsAbsent: true)) else {
      return UserScripts()
    }
    return UserScripts(
      preinst: script(fields, "preinstall", isPlain: isPlain),
      postinst: script(fields, "postinstall", isPlain: isPlain),
      prerm: script(fields, "preremove", isPlain: isPlain), postrm: script(fields, "postremove", isPlain: isPlain))
  }

  /// - Parameter isPlain: any interpreter will do; else one that is on every host.
  mutating func script(_ fields: Fields, _ key: String, isPlain: Bool) -> UserScripts.Script? {
    guard let path = line(fields, key) else { return nil }
    let position = fields.position(of: key)
    guard let text = scriptText(path, at: position) else { return nil }
    guard text.hasPrefix("#!") else {
      error("script '\(path)' does not begin with '#!'", at: position, hint: "#!/bin/sh")
      return nil
    }
    let words = text.dropFirst(2).prefix { !$0.isNewline }.split(separator: " ")
    var interpreter = words.first.map { PathText.name(of: String($0)) } ?? ""
    var options = words.dropFirst()
    if interpreter == "env", let named = options.popFirst() { interpreter = String(named) }
    if !isPlain {
      checkInterpreter(interpreter, options.map(String.init), path, at: position)
    }
    let language: Snippet.Language? = ["bash": .bash, "sh": .sh, "dash": .sh][interpreter]
    if let language {
      snippets.append(Snippet(language: language, code: text, what: "script '\(path)'", position: position))
    }
    return UserScripts.Script(text: text, interpreter: interpreter)
  }

  /// In a package of belay's the script is a part of the host program, started by its interpreter alone.
  private mutating func checkInterpreter(
    _ interpreter: String, _ options: [String], _ path: String, at position: Position
  ) {
    if !["sh", "bash", "dash", "perl"].contains(interpreter) {
      let hint = "sh, bash, dash or perl: nothing else is on every host before the package is"
      error("script '\(path)' is for '\(interpreter.shortened)'", at: position, hint: hint)
    }
    if !options.isEmpty {
      let hint = "write it as the script's first command: set \(options.joined(separator: " "))"
      error("script '\(path)' has options in its first line, they would be lost", at: position, hint: hint)
    }
  }

  private mutating func scriptText(_ path: String, at position: Position) -> String? {
    let absolute = absolute(path)
    guard let status = FileSystem.status(absolute, followingSymlinks: true) else {
      error("script '\(path.shortened)' does not exist", at: position, hint: searchedFrom)
      return nil
    }
    guard status.kind == .regular else {
      error("script '\(path.shortened)' is not a file", at: position)
      return nil
    }
    guard let bytes = FileSystem.bytes(of: absolute, limit: Self.largestScript) else {
      error("script '\(path.shortened)' cannot be read, or has more than \(Self.largestScript) bytes", at: position)
      return nil
    }
    if let crlf = bytes.firstIndex(of: 0x0D) {
      let line = Self.position(of: crlf, in: bytes).line
      error(
        "script '\(path)' has CRLF line ends, first in line \(line)", at: position,
        hint: "convert it: sed -i 's/\\r$//' \(path)")
      return nil
    }
    guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
      error("script '\(path)' is not UTF-8 text", at: position)
      return nil
    }
    return text
  }
}
