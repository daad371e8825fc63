import ExternalTools
import Testing

@Suite struct ToolTests {
  @Test func argumentsArriveAsWritten() async throws {
    let result = try await Tool("printf", ["%s|", "a b", "$(id)", "'"]).run()
    #expect(result.outputText == "a b|$(id)|'|")
  }

  @Test func inputAndEnvironmentAreWhatWasGiven() async throws {
    let result = try await Tool(
      "/bin/sh", ["-c", "cat; env | grep -v ^PWD= | grep -v ^_= | sort"], input: Array("in\n".utf8),
      environment: ["B": "2"], directory: "/"
    ).run()
    #expect(result.outputText.hasPrefix("in\n"))
    #expect(result.outputText.contains("B=2\n"))
    #expect(!result.outputText.contains("HOME="))
  }

  @Test func megabytesBothWaysDoNotBlock() async throws {
    let input = [UInt8](repeating: 65, count: 3 << 20)
    let result = try await Tool("cat", input: input).run()
    #expect(result.output == input)
  }

  @Test func outputBeyondTheLimitIsDroppedNotWaitedFor() async throws {
    let result = try await Tool("sh", ["-c", "yes | head -c 1000000; echo e >&2"], outputLimit: 10).run()
    #expect(result.output.count == 10)
    #expect(result.isTruncated)
    #expect(result.errorText == "e\n")
  }

  @Test func aMissingProgramIsNamed() async {
    await #expect(throws: ToolError.notFound("no-such-program")) { try await Tool("no-such-program").run() }
    await #expect(throws: ToolError.notFound("/no/such")) { try await Tool("/no/such").run() }
  }

  @Test func anExitCodeIsAnErrorUnlessAccepted() async throws {
    let tool = Tool("sh", ["-c", "echo first >&2; echo last >&2; exit 3"])
    await #expect(throws: ToolError.failed("sh", code: 3, errorTail: "first\nlast\n")) { try await tool.run() }
    #expect(try await tool.run(accepting: nil).exitCode == 3)
    #expect("\(ToolError.failed("sh", code: 3, errorTail: "first\nlast\n"))" == "'sh' ended with exit code 3: last")
  }

  @Test func aSignalIsNotAnExitCode() async {
    await #expect(throws: ToolError.signalled("sh", signal: 9, errorTail: "")) {
      try await Tool("sh", ["-c", "kill -KILL $$"]).run(accepting: nil)
    }
  }

  @Test func theTimeoutKillsGrandchildrenToo() async {
    let start = ContinuousClock.now
    await #expect(throws: ToolError.timedOut("sh", seconds: 0.2)) {
      try await Tool("sh", ["-c", "sleep 600 & sleep 600; wait"], timeout: .milliseconds(200)).run()
    }
    #expect(ContinuousClock.now - start < .seconds(120))
  }

  @Test func aProgramThatDoesNotReadItsInputIsJudgedByItsAnswer() async throws {
    let result = try await Tool("true", input: [UInt8](repeating: 0, count: 1 << 20)).run()
    #expect(result.exitCode == 0)
  }

  @Test func streamsPieces() async throws {
    let pieces = Pieces()
    _ = try await Tool("sh", ["-c", "echo out; echo err >&2"]).run { stream, bytes in
      Task { await pieces.add(stream, bytes) }
    }
    while await pieces.all.count < 2 { await Task.yield() }
    #expect(await pieces.all.contains("output out\n"))
    #expect(await pieces.all.contains("error err\n"))
  }
}

private actor Pieces {
  var all: Set<String> = []
  func add(_ stream: Tool.Stream, _ bytes: [UInt8]) {
    all.insert("\(stream) \(String(decoding: bytes, as: UTF8.self))")
  }
}
