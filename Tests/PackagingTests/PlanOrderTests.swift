import ReleaseDescription
import Testing

@testable import Packaging

/// Every command of a description is in its plan, once, in the place where the host runs it.
@Suite struct PlanOrderTests {
  /// `PHASE: ROLE COMMAND`, in order.
  private func commands(_ phases: [Phase]) -> [String] {
    phases.flatMap { phase in
      phase.operations.flatMap { operation in
        operation.commands.map { "\(phase.title): \($0.role.rawValue) \($0.command)" }
      }
    }
  }

  @Test func everyCommandIsInTheUpdatePlanOnce() {
    #expect(
      commands(Plan(of: PlanSamples.full).update) == [
        "before anything changes: verify verify-backup",
        "before anything changes: check pg_isready",
        "before anything changes: check guestbook -t",
        "before anything changes: check guestbook --lint",
        "before anything changes: save pg_dump -Fc guestbook",
        "before anything changes: verify pg_restore -f /dev/null",
        "before anything changes: save dump-sessions",
        "before anything changes: verify verify-sessions",
        "configure: the final copy: pause guestbook-pause",
        "configure: the final copy: save pg_dump -Fc guestbook",
        "configure: the final copy: verify pg_restore -f /dev/null",
        "configure: the final copy: save dump-sessions",
        "configure: the final copy: verify verify-sessions",
        "configure: the final copy: resume guestbook-resume",
        "configure: the steps: unless migrate is-done",
        "configure: the steps: run migrate up",
        "configure: the steps: run warm-cache",
        "configure: the decision: check selftest --quick",
        "commit: run migrate contract",
        "commit: notify tell-the-team",
      ])
  }

  @Test func everyCommandIsInTheFallbackPlanOnce() {
    #expect(
      commands(Plan(of: PlanSamples.full).fallback) == [
        "begin of the return: before announce-return",
        "undo of the steps: undo migrate down",
        "data: restore /usr/lib/guestbook/restore-beside-and-swap",
        "end: after announce-end",
        "end: notify tell-the-team",
      ])
  }

  @Test func everyCommandIsInThePlanBOnce() {
    let lines = Plan(of: PlanSamples.full).planB.flatMap(\.lines).compactMap { line -> String? in
      if case .command(let text) = line { text } else { nil }
    }
    for command in [
      "announce-return", "'migrate down'", "/usr/lib/guestbook/restore-beside-and-swap", "'selftest --quick'",
      "announce-end",
    ] {
      #expect(lines.count { $0.contains("-c \(command) <") } == 1, "\(command)")
    }
    for command in ["migrate up", "warm-cache", "dump-sessions", "pg_dump"] {
      #expect(!lines.contains { $0.contains(command) }, "\(command) has no place in a Plan B")
    }
  }

  /// What is stopped is started, what is announced is written down first, and everything says what takes it back.
  @Test func theOrderIsTheHosts() throws {
    let plan = Plan(of: PlanSamples.full)
    let what = plan.update.flatMap(\.operations).map(\.what)
    func place(_ text: String) throws -> Int {
      try #require(what.firstIndex { $0.hasPrefix(text) }, "\(text) is not in the plan")
    }
    let order = [
      "guestbook 1.2.0-1 was not refused", "extract the new files", "'configuration parses', against",
      "'style', against", "find the .deb", "simulate the return", "baseline", "first copy",
      "trial dump",
      "hold 512 MiB", "write the state 'prepared'", "arm the dead man's switch", "stop guestbook-worker.service",
      "write the state 'unpacked'", "unpack", "systemd-sysusers", "pause writing", "stop guestbook.service",
      "copy what changed", "final dump", "go on writing", "write the state 'saved'", "write the state 'updating'",
      "step 1", "enable", "systemctl daemon-reload", "run the release's own postinst", "start guestbook.service",
      "step 2",
      "write the state 'checking'", "'front page answers'", "'configuration parses', if", "keep this .deb",
      "write the state 'committed'", "step 3",
      "disarm", "delete copies", "downtime: at most 1s 500ms (measured in rehearsal, recorded on the host)",
    ]
    let places = try order.map(place)
    #expect(places == places.sorted())
    #expect(!what.contains { $0.contains("guestbook-web.service") && $0.hasPrefix("stop") })
    for operation in plan.update.flatMap(\.operations) + plan.fallback.flatMap(\.operations) {
      #expect(!operation.takenBack.isEmpty)
    }
  }

  @Test func theFallbackPlanStopsWhatItStarts() {
    let what = Plan(of: PlanSamples.full).fallback.flatMap(\.operations).filter { $0.kind == .service }.map(\.what)
    for unit in ["guestbook.service", "guestbook-web.service", "guestbook-worker.service"] {
      #expect(what.count { $0.hasPrefix("stop \(unit)") } == 1)
      #expect(what.count { $0.hasPrefix("start \(unit)") } == 1)
    }
  }

  /// A plan is read to be believed: no value may end its line, look like another, or hide.
  @Test func hostileValuesCannotBreakTheText() throws {
    for value in HostHeaderTests.hostile {
      var release = PlanSamples.least
      var belay = try #require(release.belay)
      belay.contacts = [value]
      belay.steps = [Step(name: value, unless: value, run: value, undo: .command(value), user: value)]
      belay.checks = [Check(name: value, kind: .http(url: value, status: [200], body: value))]
      belay.snapshot.paths = [SnapshotPath(path: "/srv/" + value, restoreWhen: .always, exclude: [value])]
      belay.notify = [Notification(run: value, on: ["returned"])]
      release.belay = belay
      let plan = Plan(of: release)
      let documents = try Plans.documents(of: plan)
      for text in [documents.updatePlan, documents.fallbackPlan] {
        for line in text.split(separator: "\n") {
          #expect(!line.unicodeScalars.contains { $0 != "\t" && Visible.isHidden($0) })
          // Everything of a command is indented below its label; nothing of it can pass for a heading.
          #expect(line.first != "}" && line != "last" && line != "touch escaped")
        }
      }
      #expect(try Plans.plan(fromJSON: try Plans.json(plan)) == plan)
      let markdown = try Plans.markdown(plan)
      #expect(!markdown.unicodeScalars.contains { $0 != "\t" && $0 != "\n" && Visible.isHidden($0) })
    }
  }

  @Test func aFenceIsLongerThanWhatItHolds() {
    #expect(CommandText(label: "", text: "a ``` b").fence == "````")
    #expect(CommandText(label: "", text: "`````").fence == "``````")
    #expect(CommandText(label: "", text: "x").fence == "```")
  }
}
