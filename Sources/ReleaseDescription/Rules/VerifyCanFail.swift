extension Reading {
  /// A `verify` that succeeds on anything proves nothing (design, invariant 1).
  ///
  /// The host finds out as well, by running it on a truncated copy; here it costs no night.
  mutating func verifyCanFail(_ command: String, of what: String, at position: Position) {
    let parts = ShellWords.simpleCommands(in: command)
    guard !parts.isEmpty, parts.allSatisfy({ Self.cannotFail($0) }) else { return }
    let example = "such as: pg_restore -f /dev/null"
    error(
      "'verify' of \(what) cannot fail: '\(command.trimmedLine.shortened)'", at: position,
      hint: "it has to read all of its input and fail on a part of it, \(example)")
  }

  private static func cannotFail(_ part: ShellWords.SimpleCommand) -> Bool {
    if part.isForgiven { return true }
    let words = part.words.drop { $0.contains("=") && !$0.hasPrefix("=") }
    guard let first = words.first else { return true }
    let name = first.split(separator: "/").last.map(String.init) ?? first
    let options = words.dropFirst()
    switch name {
    case "exit", "return": return options.first.map { $0 == "0" } ?? true
    // The table of contents stands at the front of the file: a truncated dump has it too.
    case "pg_restore": return options.contains("-l") || options.contains("--list")
    case "sha256sum", "sha512sum", "sha1sum", "md5sum", "cksum", "sum":
      return !options.contains { $0 == "-c" || $0 == "--check" }
    default: return Self.neverFails.contains(name)
    }
  }

  /// They look at the beginning or the size, or at nothing.
  private static let neverFails: Set<String> = [
    "true", ":", "cat", "echo", "printf", "wc", "head", "tail", "tee", "test", "[", "[[", "ls", "stat", "file", "sleep",
    "dd", "du",
  ]
}

extension String {
  /// The first line, without spaces around it.
  var trimmedLine: String {
    let line = split(whereSeparator: \.isNewline).first.map(String.init) ?? self
    return String(line.drop(while: \.isWhitespace))
  }
}
