import ExternalTools
import Foundation

/// How a command in a host ended.
public struct CommandResult: Sendable, Equatable {
  /// Its exit code; 128 + the signal that ended it; 125 when the host is not running.
  public var status: Int32
  public var stdout: String
  public var stderr: String
}

/// Why a host did not do what a test relies on.
public enum HostError: Error, CustomStringConvertible {
  case failed(String, CommandResult)
  case unreached(String, String, after: Duration)
  case timedOut(String, after: Duration)

  public var description: String {
    switch self {
    case .failed(let command, let result):
      return "\"\(command)\" ended with \(result.status):\n\(result.stdout)\(result.stderr)"
    case .unreached(let condition, let output, let time):
      return "not reached within \(time): \(condition)\n\(output)"
    case .timedOut(let command, let time): return "\"\(command)\" was killed after \(time)"
    }
  }
}

extension Host {
  /// Runs a bash command as root with a clean environment; any exit code is an answer.
  ///
  /// - Parameter timeout: its process group is killed after it.
  public func run(
    _ command: String, timeout: Duration = .seconds(90), input: String = "", environment: [String: String] = [:]
  ) async throws -> CommandResult {
    let seconds = timeout * kind.slowness / .seconds(1)
    let settings = environment.map { "\($0.key)=\($0.value)" }.sorted()
    do {
      let result = try await call(
        "enter", ["env"] + settings + ["timeout", "--signal=KILL", "\(seconds)", "bash", "-c", command],
        timeout: timeout + .seconds(20), input: Array(input.utf8), accepting: nil)
      let answer = CommandResult(status: result.exitCode, stdout: result.outputText, stderr: result.errorText)
      return answer
    } catch ToolError.signalled(_, let signal, let tail) {
      return CommandResult(status: 128 + signal, stdout: "", stderr: tail)
    } catch ToolError.timedOut {
      throw HostError.timedOut(command, after: timeout)
    }
  }

  /// Runs a command that must succeed.
  ///
  /// - Returns: what it wrote to standard output, without the newlines at the end.
  @discardableResult
  public func succeed(
    _ command: String, timeout: Duration = .seconds(90), input: String = "", environment: [String: String] = [:]
  ) async throws -> String {
    let result = try await run(command, timeout: timeout, input: input, environment: environment)
    guard result.status == 0 else { throw HostError.failed(command, result) }
    var text = result.stdout[...]
    while text.last?.isNewline == true { text.removeLast() }
    return String(text)
  }

  /// Starts a bash command that lives as long as the host; what it prints goes to a file outside, which survives the host.
  public func stream(_ command: String, to file: String) async throws {
    _ = try await Tool(
      "setsid",
      [
        "bash", "-c", #""$1" "$2" bash -c "$3" > "$4" 2> /dev/null < /dev/null &"#, "-",
        "\(Checkout.directory)/\(kind.rawValue)/enter.sh", name, command, file,
      ]
    ).run()
  }

  /// Waits until a bash command succeeds, asking again and again inside the host.
  public func until(_ condition: String, within limit: Duration = .seconds(30)) async throws {
    let loop = """
      end=$((${EPOCHREALTIME/./} + \(Int(limit * kind.slowness / .microseconds(1)))))
      until answer=$(eval "$condition" 2>&1); do
        if [ "${EPOCHREALTIME/./}" -ge "$end" ]; then printf '%s\\n' "$answer"; exit 1; fi
        sleep 0.03
      done
      """
    let result = try await run(loop, timeout: limit + .seconds(30), environment: ["condition": condition])
    guard result.status == 0 else { throw HostError.unreached(condition, result.stdout + result.stderr, after: limit) }
  }

  /// Writes a file, its directories included.
  public func write(_ path: String, _ text: String, mode: String = "0644") async throws {
    try await succeed(
      #"mkdir -p "$(dirname "$path")" && cat > "$path" && chmod "$mode" "$path""#, input: text,
      environment: ["path": path, "mode": mode])
  }

  /// The text of a file.
  public func read(_ path: String) async throws -> String {
    let result = try await run(#"cat "$path""#, environment: ["path": path])
    guard result.status == 0 else { throw HostError.failed("cat \(path)", result) }
    return result.stdout
  }

  /// Whether there is anything of this name.
  public func exists(_ path: String) async throws -> Bool {
    try await run(#"[ -e "$path" ] || [ -L "$path" ]"#, environment: ["path": path]).status == 0
  }

  /// Its root directory as this machine sees it while it runs; links in it mean the machine's files.
  public var root: String { get throws { "/proc/\(try initStamp().first ?? "self")/root" } }

  /// Sends a signal to all processes of this name (at least one must be there).
  public func kill(_ process: String, signal: String = "KILL") async throws {
    try await succeed(#"pkill "-$signal" -x "$process""#, environment: ["process": process, "signal": signal])
  }

  /// dpkg's record of a package: want, error flag, status and version, for instance `install ok installed 1.0`; of one
  /// that is not there `not-installed`.
  public func status(of package: String) async throws -> String {
    let format = "${Status} ${Version}"
    let result = try await run(
      #"dpkg-query -W -f "$format" "$package""#, environment: ["format": format, "package": package])
    let isThere = result.status == 0 && !result.stdout.hasSuffix(" not-installed ")
    return isThere ? result.stdout : "not-installed"
  }
}
