import ExternalTools

/// The outside world as far as a release description may depend on it, in one value.
public struct Surroundings: Sendable {
  /// For `${VAR}` where nFPM expands it, and SOURCE_DATE_EPOCH.
  public var variables: [String: String]
  /// Absolute; relative sources start here (as nFPM's do), and no symlink may lead a source out of it.
  public var directory: String
  /// Runs the syntax checkers (`bash -n`, `sh -n`, perl for expressions).
  public var runTool: @Sendable (Tool) async throws(ToolError) -> Tool.Result

  public init(
    variables: [String: String], directory: String,
    runTool: @escaping @Sendable (Tool) async throws(ToolError) -> Tool.Result = { tool throws(ToolError) in
      try await tool.run(accepting: nil)
    }
  ) {
    self.variables = variables
    self.directory = directory
    self.runTool = runTool
  }
}
