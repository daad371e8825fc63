/// Enough of a shell's grammar to tell the simple commands of a list apart. It decides on warnings, never on quoting.
enum ShellWords {
  struct SimpleCommand: Equatable {
    var words: [String] = []
    /// Followed by `|| true`, `|| :` or `|| exit 0`.
    var isForgiven = false
  }

  static func simpleCommands(in code: String) -> [SimpleCommand] {
    var commands: [(command: SimpleCommand, separator: String)] = [(SimpleCommand(), "")]
    var word: String?
    var quote: Character?
    var characters = Array(code)[...]
    func endWord() {
      if let finished = word { commands[commands.count - 1].command.words.append(finished) }
      word = nil
    }
    while let character = characters.popFirst() {
      if let open = quote {
        if character == open { quote = nil } else { word = (word ?? "") + String(character) }
      } else if character == "'" || character == "\"" {
        quote = character
        word = word ?? ""
      } else if character == "\\" {
        if let next = characters.popFirst(), next != "\n" { word = (word ?? "") + String(next) }
      } else if character == "#" && word == nil {
        while let next = characters.first, !next.isNewline { _ = next; characters.removeFirst() }
      } else if character == "&", word?.last == ">" || word?.last == "<" || characters.first == ">" {
        // `2>&1`, `&>file`: a redirection, not a separator.
        word = (word ?? "") + "&"
      } else if ";|&\n".contains(character) {
        endWord()
        var separator = String(character)
        while let next = characters.first, "|&;".contains(next) {
          separator.append(next)
          characters.removeFirst()
        }
        commands.append((SimpleCommand(), separator))
      } else if character.isWhitespace {
        endWord()
      } else {
        word = (word ?? "") + String(character)
      }
    }
    endWord()
    return forgiven(commands)
  }

  /// Folds `a || true` into one command that cannot fail.
  private static func forgiven(_ commands: [(command: SimpleCommand, separator: String)]) -> [SimpleCommand] {
    var result: [SimpleCommand] = []
    for (command, separator) in commands where !command.words.isEmpty {
      let isHarmless = [["true"], [":"], ["exit", "0"]].contains(command.words)
      if separator == "||", isHarmless, !result.isEmpty {
        result[result.count - 1].isForgiven = true
      } else {
        result.append(command)
      }
    }
    return result
  }
}
