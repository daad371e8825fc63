import ReleaseDescription
import TestSupport
import Testing

/// Scenario files: what is written arrives, and everything wrong is said with its place.
@Suite struct ScenarioReaderTests {
  @Test func everyKeyArrives() async throws {
    let outcome = await Self.read(
      """
      title: "{n}: the power fails at {point} of {name}{value}"
      group: power cuts
      each: point
      points: [state saved, state updating]
      when: [a stopped step, two services]
      start: foreign
      disk: true
      run: |
        apt-get -y install /root/new.deb || true
      arrange: rm -f /etc/shop/extra
      faults: [full /var, "fail dump"]
      at: "{point}"
      do: cut
      after: systemctl is-active shop
      ends: [old, honest]
      states: [returned, stranded]
      measures: true
      compares: undone
      means: >
        what was saved
        is put back
      blames: steps[0].undo
      known: the manager forgets it
      plain: true
      timeout: 5m
      """)
    #expect(outcome.findings == [])
    var expected = ScenarioFile(title: "{n}: the power fails at {point} of {name}{value}", ends: [.old, .honest])
    expected.group = "power cuts"
    expected.each = .point
    expected.points = ["state saved", "state updating"]
    expected.when = ["a stopped step", "two services"]
    expected.start = .foreign
    expected.hasDisk = true
    expected.run = .shell("apt-get -y install /root/new.deb || true\n")
    expected.arrange = "rm -f /etc/shop/extra"
    expected.faults = ["full /var", "fail dump"]
    expected.at = "{point}"
    expected.action = .cut
    expected.after = "systemctl is-active shop"
    expected.states = ["returned", "stranded"]
    expected.measures = true
    expected.compares = .undone
    expected.means = "what was saved is put back"
    expected.blames = "steps[0].undo"
    expected.known = "the manager forgets it"
    expected.isPlain = true
    expected.timeout = 300_000
    #expect(outcome.scenario == expected)
  }

  @Test func whatIsNotWrittenHasItsDefault() async throws {
    let scenario = try #require(await Self.read("title: nothing goes wrong\nends: [new]\n").scenario)
    #expect(scenario == ScenarioFile(title: "nothing goes wrong", ends: [.new]))
    #expect((scenario.start, scenario.run, scenario.timeout) == (.old, .apt, 120_000))
    #expect(!scenario.hasDisk && !scenario.measures && !scenario.isPlain)
  }

  @Test(arguments: [
    ("run: none", ScenarioFile.Run.nothing), ("run: dpkg", .dpkg), ("run: apt", .apt),
    ("run: apt-get x", .shell("apt-get x")),
  ]) func runIsAWordOrACommand(_ line: String, _ run: ScenarioFile.Run) async {
    #expect(await Self.read("title: a\nends: [new]\n\(line)\n").scenario?.run == run)
  }

  @Test(arguments: [
    ("kill", ScenarioFile.Action.kill), ("cut", .cut), ("kill -9 1", .shell("kill -9 1")),
  ]) func whatIsDoneIsAWordOrACommand(_ text: String, _ action: ScenarioFile.Action) async {
    #expect(await Self.read("title: a\nends: [new]\nat: x\ndo: \(text)\n").scenario?.action == action)
  }

  @Test(arguments: [
    ("service", ScenarioFile.Each.service), ("path", .path), ("dump", .dump), ("step", .step), ("check", .check),
    ("gate_check", .gateCheck), ("script", .script),
  ]) func eachIsOneOfTheReleasesParts(_ word: String, _ each: ScenarioFile.Each) async {
    #expect(await Self.read("title: a\nends: [new]\neach: \(word)\n").scenario?.each == each)
  }

  @Test func valuesGoWithTheirWord() async {
    let scenario = await Self.read("title: a {value}\nends: [new]\neach: value\nvalues: [1, 2]\n").scenario
    #expect(scenario?.values == ["1", "2"])
  }

  @Test(arguments: [
    ("ends: [new]", ["s.yaml:1:1: error: 'title' is missing for the scenario"]),
    (
      "title: a",
      [
        "s.yaml:1:1: error: 'ends' is missing for the scenario",
        "  hint: a list of old | new | absent | removed | purged | honest",
      ]
    ),
    ("title: a\nends: []", ["s.yaml:2:1: error: 'ends' is an empty list"]),
    ("title: a\nends: new", ["s.yaml:2:7: error: expected a list for 'ends', found text"]),
    (
      "title: a\nends: [nwe, new, new]",
      [
        "s.yaml:2:8: error: an entry of 'ends' cannot be 'nwe', did you mean 'new'?",
        "s.yaml:2:18: error: an entry of 'ends' is given twice: 'new'",
      ]
    ),
    (
      "title: \"{nmae} {} {n}\"\nends: [new]",
      [
        "s.yaml:1:8: error: 'title' cannot hold '{nmae}'", "  hint: one of {n} {name} {point} {value}",
        "s.yaml:1:8: error: 'title' cannot hold '{}'", "  hint: one of {n} {name} {point} {value}",
      ]
    ),
    ("title: a\ntitle: b\nends: [new]", ["s.yaml:2:1: error: duplicate key 'title', first in line 1"]),
    ("title: a\nends: [new]\nmeasure: true", ["s.yaml:3:1: error: unknown key 'measure', did you mean 'measures'?"]),
    ("title: a\nends: [new]\ndo: cut", ["s.yaml:3:1: error: 'do' says nothing without 'at'"]),
    ("title: a\nends: [new]\nat: x", ["s.yaml:3:1: error: 'at' says nothing without 'do'"]),
    ("title: a\nends: [new]\nat: \" \"\ndo: cut", ["s.yaml:3:5: error: 'at' is empty"]),
    ("title: a\nends: [new]\neach: point", ["s.yaml:1:1: error: 'points' is missing for the scenario"]),
    ("title: a\nends: [new]\neach: value", ["s.yaml:1:1: error: 'values' is missing for the scenario"]),
    (
      "title: a\nends: [new]\npoints: [x]\nvalues: [x]",
      [
        "s.yaml:3:1: error: 'points' belongs to scenarios with 'each: point'",
        "s.yaml:4:1: error: 'values' belongs to scenarios with 'each: value'",
      ]
    ),
    (
      "title: a\nends: [new]\neach: point\npoints: [x, x]",
      ["s.yaml:4:13: error: an entry of 'points' is given twice: 'x'"]
    ),
    (
      "title: a\nends: [new]\nrun: \"if\"\nat: x\ndo: \"(\"",
      [
        "s.yaml:3:6: error: 'run' is not bash: line 2: syntax error: unexpected end of file",
        "s.yaml:5:5: error: 'do' is not bash: line 2: syntax error: unexpected end of file",
      ]
    ),
    ("title: a\nends: [new]\nrun: [apt]", ["s.yaml:3:6: error: expected text for 'run', found a list"]),
    ("title: a\nends: [new]\nstates: [a b]", ["s.yaml:3:10: error: 'a b' is not the name of a state"]),
    (
      "title: a\nends: [new]\nstart: new\ncompares: all\ntimeout: 120\ndisk: maybe\nmeans:",
      [
        "s.yaml:3:8: error: 'start' cannot be 'new'", "  hint: one of old | none | foreign",
        "s.yaml:4:11: error: 'compares' cannot be 'all'", "  hint: one of undone | nothing | damaged | repeated",
        "s.yaml:5:10: error: 'timeout' must be a duration, found '120'",
        "  hint: a whole number and a unit: 250ms, 5s, 2m, 24h, 30d",
        "s.yaml:6:7: error: 'disk' must be true or false, found 'maybe'", "s.yaml:7:1: error: 'means' has no value",
      ]
    ),
    ("", ["s.yaml:1:1: error: the scenario is empty"]),
    ("- a", ["s.yaml:1:1: error: expected a mapping for the scenario, found a list"]),
    ("title: a\n---\ntitle: b", ["s.yaml:2:1: error: not YAML: a second document, a scenario is one"]),
  ]) func saysWhatIsWrong(_ text: String, _ expected: [String]) async {
    let outcome = await Self.read(text)
    #expect(outcome.scenario == nil)
    #expect(outcome.findings.flatMap { $0.description.split(separator: "\n").map(String.init) } == expected)
  }

  private static func read(_ text: String) async -> ScenarioReader.Outcome {
    let surroundings = Surroundings(variables: ["PATH": "/usr/bin:/bin"], directory: Description.tree)
    return await ScenarioReader(surroundings: surroundings).read(Array(text.utf8), file: "s.yaml")
  }
}
