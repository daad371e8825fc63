import ArgumentParser
import Foundation
import Rehearsal

struct Rehearse: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Rehearse an update on throw-away hosts, with everything that can go wrong.",
    discussion: """
      Each scenario gets a Debian of its own, with real dpkg, apt and systemd: the update goes well in one, and in each of
      the others a check, a step, a dump, the disk or the power fails. What is not old, new, or honest with nothing lost is a
      finding. Needs root. The report goes to rehearsal/, the table to standard output.

        $ sudo belay rehearse shop_1.4.0_amd64.deb --from shop_1.3.2_amd64.deb
        $ sudo belay rehearse shop_1.4.0_amd64.deb --from shop_1.3.2_amd64.deb --break check:1
        $ sudo belay rehearse shop_1.4.0_amd64.deb --from shop_1.3.2_amd64.deb --scenario 'power-*' --keep

      Exit: 0 all scenarios end old, new or honest; 1 one does not; 64 usage; 74 it could not be done.
      """)

  @Argument(help: "The package of the new version.")
  var package: String

  @Option(name: .customLong("from"), help: "The package of the version before; without it, first installations only.")
  var previous: String?

  @Option(
    name: [.customShort("f"), .customLong("file")],
    help:
      "The release description, for `rehearsal:` and for the lines to mend; else release.yaml, if it is this package's."
  )
  var description: String?

  @Option(help: "The Debian suite of the hosts; else this machine's own.")
  var suite: String?

  @Option(help: "A directory or tar archive of an unpacked Debian to take instead of one made by mmdebstrap.")
  var base: String?

  @Option(help: "Hosts at a time; they mostly wait. Else four for each processor.")
  var jobs: Int?

  @Option(help: "What random moments are made of; printed by every run.")
  var seed: UInt64?

  @Option(help: "Only scenarios of this name; a shell pattern; may be given several times.")
  var scenario: [String] = []

  @Option(
    name: .customLong("break"),
    help: "Only one failure, and what is said in it: check:1, step:2, dump:1, path:1, service:1, gate:1.")
  var failure: String?

  @Option(help: "Where the report goes.")
  var report = "rehearsal"

  @Flag(help: "Print the scenarios and run none.")
  var list = false

  @Flag(help: "Leave the hosts of failed scenarios for a look, until the next rehearsal.")
  var keep = false

  @Flag(help: "Let the hosts into this machine's network; one at a time then.")
  var network = false

  @Flag(help: "Print report.json instead of the table.")
  var json = false

  @Flag(help: "No progress.")
  var quiet = false

  func validate() throws {
    if let jobs, jobs < 1 { throw ValidationError("'--jobs' must be at least 1") }
    if base != nil && suite != nil {
      throw ValidationError("'--suite' says nothing of a '--base' that is there already")
    }
    if failure != nil && !scenario.isEmpty { throw ValidationError("'--break' and '--scenario' do not go together") }
    if let failure, try Self.scenario(ofBreak: failure) == nil {
      throw ValidationError("'--break \(failure)': say check:N, step:N, dump:N, path:N, service:N or gate:N")
    }
  }

  func run() async throws {
    let rehearsal = try await prepared()
    if list {
      for entry in rehearsal.list {
        print(entry.name + "\t" + entry.title + (entry.known.map { "\tknown: \($0)" } ?? ""))
      }
      return
    }
    let told = ProgressLines(isQuiet: quiet)
    let result: RehearsalReport
    do {
      result = try await Interruptible.run { try await rehearsal.run { told.tell($0) } }
    } catch is CancellationError {
      told.clear()
      Console.error("interrupted; its hosts are gone")
      throw ExitCode(130)
    } catch {
      told.clear()
      Console.error("\(error)", hint: Self.hint(for: error))
      throw ExitCode(74)
    }
    told.clear()
    do {
      if failure != nil, let one = result.scenarios.last { Console.message(one.log) }
      let files = ReportFiles(directory: report, isWhole: scenario.isEmpty && failure == nil)
      try files.write(result)
      print(json ? try ReportJSON.text(result) : ReportText.text(result, page: files.page), terminator: "")
    } catch {
      Console.error("\(error)")
      throw ExitCode(74)
    }
    if !result.isPassed { throw ExitCode(1) }
  }

  private static func hint(for error: any Error) -> String? {
    if case RehearsalError.needsRoot = error { return "sudo belay rehearse …" }
    if case RehearsalError.noScenario = error { return "belay rehearse … --list" }
    return nil
  }

  // MARK: - Options

  private func prepared() async throws -> Rehearsal {
    let environment = ProcessInfo.processInfo.environment
    let processors = ProcessInfo.processInfo.activeProcessorCount
    var options = RehearsalOptions(
      new: package, old: previous, jobs: network ? 1 : jobs ?? 4 * processors,
      seed: seed ?? UInt64.random(in: 1...999_999), cache: environment["BELAY_CACHE"] ?? "/var/cache/belay")
    options.suite = suite
    options.base = base
    options.keepsHosts = keep
    options.hasNetwork = network
    options.command = ["belay"] + CommandLine.arguments.dropFirst()
    options.scenarios = try failure.flatMap { try Self.scenario(ofBreak: $0) }.map { [$0] } ?? scenario
    do {
      try await RehearsedDescription(file: description).apply(to: &options)
      return try await Rehearsal(options)
    } catch let error as ExitCode {
      throw error
    } catch {
      Console.error("\(error)", hint: Self.hint(for: error))
      if case RehearsalError.unreadable(.file) = error { throw ExitCode(74) }
      throw ExitCode(1)
    }
  }

  /// The scenario that `check:1` and its like stand for; nil: there is none of that form.
  private static func scenario(ofBreak text: String) throws -> String? {
    let names = [
      // Also before-check-fails-N, for a check of that stage.
      "check": "*check-fails", "step": "step-fails-when-done", "dump": "dump-final-fails",
      "path": "path-final-copy-fails",
      "service": "service-does-not-start", "gate": "gate-fails",
    ]
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let name = names[String(parts[0])], let number = Int(parts[1]), number > 0 else {
      return nil
    }
    return "\(name)-\(number)"
  }
}
