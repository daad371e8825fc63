import Glibc
import Subprocess
import SystemPackage

extension Tool {
  private enum Outcome: Sendable {
    case ended(TerminationStatus, Result)
    case outOfTime
  }

  /// `execute`, beside a clock that ends it.
  func executeWithinTimeout(
    _ onOutput: (@Sendable (Stream, [UInt8]) -> Void)?
  ) async throws(ToolError) -> (TerminationStatus, Result) {
    do {
      return try await withThrowingTaskGroup(of: Outcome.self) { group in
        group.addTask {
          let (status, result) = try await execute(onOutput)
          return .ended(status, result)
        }
        if let timeout {
          group.addTask {
            try await Task.sleep(for: timeout)
            return .outOfTime
          }
        }
        defer { group.cancelAll() }
        guard case .ended(let status, let result) = try await group.next() else {
          throw ToolError.timedOut(program, seconds: (timeout ?? .zero) / .seconds(1))
        }
        return (status, result)
      }
    } catch let error as ToolError {
      throw error
    } catch let error as SubprocessError where error.code == .executableNotFound {
      throw .notFound(program)
    } catch {
      throw .unusable(program, reason: "\(error)")
    }
  }

  private func execute(
    _ onOutput: (@Sendable (Stream, [UInt8]) -> Void)?
  ) async throws -> (TerminationStatus, Result) {
    var options = PlatformOptions()
    // Its own session, so that a kill reaches whatever it started and never reaches us.
    options.createSession = true
    options.teardownSequence = [.send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .zero)]
    let executed = try await Subprocess.run(
      program.contains("/") ? .path(FilePath(program)) : .name(program), arguments: Arguments(arguments),
      environment: environmentValue, workingDirectory: directory.map { FilePath($0) }, platformOptions: options,
      input: .fileDescriptor(try inputFile(), closeAfterSpawningProcess: true), output: .sequence, error: .sequence
    ) { execution in
      async let output = collect(execution.standardOutput) { onOutput?(.output, $0) }
      async let errorOutput = collect(execution.standardError) { onOutput?(.error, $0) }
      let (kept, keptError) = try await (output, errorOutput)
      return Result(
        exitCode: 0, output: kept.bytes, errorOutput: keptError.bytes,
        isTruncated: kept.isTruncated || keptError.isTruncated)
    }
    return (executed.terminationStatus, executed.closureResult)
  }

  private var environmentValue: Environment {
    guard let environment else { return .inherit }
    // Not as bytes: those need a NUL of their own each, or the library reads beyond them.
    var values: [Environment.Key: String] = [:]
    for (name, value) in environment { values[Environment.Key(stringLiteral: name)] = value }
    return .custom(values)
  }

  /// The input as a nameless file, not as a pipe: a program that ends before it has read everything (`head`, `gpg` on
  /// bad data) would otherwise end this process too, by SIGPIPE.
  private func inputFile() throws -> FileDescriptor {
    guard !input.isEmpty else { return try .open("/dev/null", .readOnly, options: .closeOnExec) }
    guard let stream = tmpfile() else { throw Errno(rawValue: errno) }
    defer { fclose(stream) }
    // Close-on-exec, or a program that another task starts at this moment would hold it too.
    let file = FileDescriptor(rawValue: fcntl(fileno(stream), F_DUPFD_CLOEXEC, 3))
    guard file.rawValue >= 0 else { throw Errno(rawValue: errno) }
    try file.writeAll(input)
    try file.seek(offset: 0, from: .start)
    return file
  }

  private func collect(
    _ sequence: SubprocessOutputSequence, _ onPiece: @Sendable ([UInt8]) -> Void
  ) async throws -> (bytes: [UInt8], isTruncated: Bool) {
    var bytes: [UInt8] = []
    var isTruncated = false
    for try await buffer in sequence {
      let piece = buffer.withUnsafeBytes { Array($0) }
      onPiece(piece)
      let room = outputLimit - bytes.count
      isTruncated = isTruncated || piece.count > room
      bytes += piece.prefix(max(0, room))
    }
    return (bytes, isTruncated)
  }
}
