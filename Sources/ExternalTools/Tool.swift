import Subprocess
import SystemPackage

/// One call of an outside program: what is started, with what, and within which bounds.
///
/// Nothing passes through a shell: every argument arrives as it is written here.
public struct Tool: Sendable {
  /// A name looked up in PATH, or a path (anything with a slash).
  public var program: String
  public var arguments: [String]
  /// The bytes on standard input; none: it is the null device.
  public var input: [UInt8]
  /// nil: this process's own environment.
  public var environment: [String: String]?
  /// nil: this process's own working directory.
  public var directory: String?
  /// The program and everything it started in its process group are killed after it; nil: no bound.
  public var timeout: Duration?
  /// Bytes kept of each of standard output and standard error; what is beyond is read and dropped.
  public var outputLimit: Int

  public init(
    _ program: String, _ arguments: [String] = [], input: [UInt8] = [], environment: [String: String]? = nil,
    directory: String? = nil, timeout: Duration? = .seconds(60), outputLimit: Int = 8 << 20
  ) {
    self.program = program
    self.arguments = arguments
    self.input = input
    self.environment = environment
    self.directory = directory
    self.timeout = timeout
    self.outputLimit = outputLimit
  }

  /// What a finished program left behind.
  public struct Result: Sendable, Equatable {
    public var exitCode: Int32
    public var output: [UInt8]
    public var errorOutput: [UInt8]
    /// true: more than `outputLimit` was written to one of the two.
    public var isTruncated: Bool

    public init(exitCode: Int32, output: [UInt8] = [], errorOutput: [UInt8] = [], isTruncated: Bool = false) {
      self.exitCode = exitCode
      self.output = output
      self.errorOutput = errorOutput
      self.isTruncated = isTruncated
    }

    /// Standard output as text; bytes that are not UTF-8 become U+FFFD.
    public var outputText: String { String(decoding: output, as: UTF8.self) }
    /// Standard error as text; bytes that are not UTF-8 become U+FFFD.
    public var errorText: String { String(decoding: errorOutput, as: UTF8.self) }
  }

  /// Where a piece of streamed output came from.
  public enum Stream: Sendable { case output, error }

  /// Runs the program to its end.
  ///
  /// - Parameter accepting: the exit codes that are an answer; nil: all of them are.
  /// - Parameter onOutput: called with each piece as it arrives, from several tasks at once.
  /// - Throws: `ToolError` when it could not start, was killed, ran out of time or ended with another exit code.
  public func run(
    accepting codes: Set<Int32>? = [0], onOutput: (@Sendable (Stream, [UInt8]) -> Void)? = nil
  ) async throws(ToolError) -> Result {
    let (status, result) = try await executeWithinTimeout(onOutput)
    switch status {
    case .signaled(let signal): throw .signalled(program, signal: signal, errorTail: result.errorTail)
    case .exited(let code):
      var result = result
      result.exitCode = code
      if let codes, !codes.contains(code) { throw .failed(program, code: code, errorTail: result.errorTail) }
      return result
    }
  }
}

extension Tool.Result {
  /// The last 2,000 bytes of standard error: enough for a message, too little for a log.
  var errorTail: String { String(decoding: errorOutput.suffix(2_000), as: UTF8.self) }
}
