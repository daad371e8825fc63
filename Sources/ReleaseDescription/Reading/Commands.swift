import ExternalTools
import Yams

/// A piece of code whose syntax has to be checked by its own interpreter.
struct Snippet: Sendable {
  enum Language: Sendable {
    case bash, sh
    /// An extended regular expression of perl's.
    case expression
  }
  var language: Language
  var code: String
  /// For the message: `'run'`, `script 'postinst.sh'`.
  var what: String
  var position: Position
}

extension Reading {
  /// A command of the release: bash, as the host runs it (`bash -eu -o pipefail -c`).
  mutating func command(_ fields: Fields, _ key: String) -> String? {
    fields[key].flatMap { command($0, "'\(key)'") }
  }

  mutating func command(_ node: Node, _ what: String) -> String? {
    guard let code = text(node, what) else { return nil }
    if code.allSatisfy(\.isWhitespace) {
      error("\(what) is empty", at: node.position)
      return nil
    }
    // One argument of execve, and one assignment in the host program.
    if code.utf8.count > 64 << 10 {
      error(
        "\(what) has \(code.utf8.count) bytes, at most 65536 are allowed", at: node.position,
        hint: "ship a script among the contents and call it")
      return nil
    }
    snippets.append(Snippet(language: .bash, code: code, what: what, position: node.position))
    return code
  }

  /// A list of commands.
  mutating func commands(_ fields: Fields, _ key: String) -> [String] {
    items(fields, key).compactMap { command($0, "an entry of '\(key)'") }
  }

  /// Has each collected snippet parsed, not run, by its interpreter.
  mutating func checkSnippets() async {
    for snippet in snippets {
      var tool: Tool
      switch snippet.language {
      case .bash: tool = Tool("bash", ["--norc", "-n"], input: Array(snippet.code.utf8))
      case .sh: tool = Tool("sh", ["-n"], input: Array(snippet.code.utf8))
      case .expression:
        // Without `use re "eval"` an interpolated pattern cannot run code.
        tool = Tool("perl", ["-e", "local $/; my $p = <STDIN>; qr/$p/"], input: Array(snippet.code.utf8))
      }
      // Nothing of the caller's (BASH_ENV, PERL5OPT) may run or change the answer.
      tool.environment = ["PATH": surroundings.variables["PATH"] ?? "/usr/bin:/bin", "LC_ALL": "C.UTF-8"]
      tool.timeout = .seconds(10)
      do {
        let result = try await surroundings.runTool(tool)
        if result.exitCode != 0 { report(snippet, result.errorText) }
      } catch {
        warning("the syntax of \(snippet.what) was not checked: \(error)", at: snippet.position)
      }
    }
    snippets = []
  }

  private mutating func report(_ snippet: Snippet, _ output: String) {
    let first = output.split(whereSeparator: \.isNewline).first.map(String.init) ?? "it does not parse"
    var reason = first
    // The interpreter's own name, with the path it was found under.
    if let match = reason.firstMatch(of: #/^\S*sh: /#) { reason.removeSubrange(match.range) }
    if let match = reason.firstMatch(of: #/ at -e line 1.*$/#) { reason.removeSubrange(match.range) }
    switch snippet.language {
    case .expression: error("\(snippet.what) is no regular expression: \(reason)", at: snippet.position)
    case .bash, .sh:
      let name = snippet.language == .bash ? "bash" : "sh"
      // dash numbers lines as `3: `, bash as `line 3: `.
      if let match = reason.firstMatch(of: #/^(\d+): /#) {
        reason.replaceSubrange(match.range, with: "line \(match.1): ")
      }
      error("\(snippet.what) is not \(name): \(reason)", at: snippet.position)
    }
  }
}
