import Yams

extension Reading {
  /// One line in which nFPM expands `$VAR` and `${VAR}`.
  mutating func expandedLine(_ fields: Fields, _ key: String) -> String? {
    guard let node = fields[key], let text = text(node, "'\(key)'") else { return nil }
    guard let expanded = expand(text, at: node.position) else { return nil }
    // Checked after the expansion: a variable's value is as foreign as anything in the file.
    return line(Node(expanded).placed(like: node), "'\(key)'")
  }

  /// nFPM expands with Go's os.Expand, which makes an unset variable an empty text: a release must not depend on that.
  mutating func expand(_ text: String, at position: Position) -> String? {
    var result = ""
    var isComplete = true
    var rest = Substring(text)
    while let match = rest.firstMatch(of: /\$(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*))/) {
      result += rest[..<match.range.lowerBound]
      let name = String(match.1 ?? match.2 ?? "")
      if let value = surroundings.variables[name] {
        result += value
      } else {
        error("the variable '\(name)' is not set", at: position, hint: "set it: \(name)=… belay …")
        isComplete = false
      }
      rest = rest[match.range.upperBound...]
    }
    return isComplete ? result + rest : nil
  }
}

extension Node {
  fileprivate func placed(like other: Node) -> Node {
    guard case .scalar(var scalar) = self else { return self }
    scalar.mark = other.mark
    return .scalar(scalar)
  }
}
