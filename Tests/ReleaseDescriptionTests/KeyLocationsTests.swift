import ReleaseDescription
import Testing

/// Where the keys of a description stand.
@Suite struct KeyLocationsTests {
  private static let text = """
    name: shop
    termux.deb: {}
    services: [{unit: a.service}, {unit: b.service}]
    snapshot:
      paths:
        - path: /etc/shop
        - {path: /srv/shop, restore_when: never}
      "keep": {count: 3,
        age: 1d}
    steps:
    - name: first
      run: |
        undo: not a key
      undo: compatible
    -
      name: second
    checks: [[x, [y, z]], w]
    scripts: {postinstall: p}

    """

  @Test(arguments: [
    ("name", 1, 1), ("termux.deb", 2, 1), ("services", 3, 1), ("services[0]", 3, 12), ("services[0].unit", 3, 13),
    ("services[1].unit", 3, 32), ("snapshot", 4, 1), ("snapshot.paths", 5, 3), ("snapshot.paths[0]", 6, 7),
    ("snapshot.paths[0].path", 6, 7), ("snapshot.paths[1]", 7, 7), ("snapshot.paths[1].path", 7, 8),
    ("snapshot.paths[1].restore_when", 7, 25), ("snapshot.keep", 8, 3), ("snapshot.keep.age", 9, 5),
    ("steps[0].undo", 14, 3), ("steps[1]", 16, 3), ("steps[1].name", 16, 3), ("checks[0][1]", 17, 14),
    ("checks[0][1][1]", 17, 18), ("checks[1]", 17, 23), ("scripts.postinstall", 18, 11),
  ]) func keysStandHere(_ key: String, _ line: Int, _ column: Int) {
    let position = Self.reader.locations(Array(Self.text.utf8)).position(of: key)
    #expect(position == Position(line: line, column: column))
  }

  @Test(arguments: [
    ("steps[1].undo", "steps[1]"), ("steps[2].undo", "steps"), ("steps[0].run.undo", "steps[0].run"),
    ("steps[00]", "steps"), ("steps[-1]", "steps"), ("steps[", "steps"), ("steps[0", "steps"), ("steps.", "steps"),
    ("steps..undo", "steps"), ("steps.name", "steps"), ("snapshot[0]", "snapshot"), ("snapshot.dumps[0]", "snapshot"),
    ("snapshot.path", "snapshot"), ("name.x.y[3]", "name"), ("checks[0][9]", "checks[0]"), ("steps[0]name", "steps"),
    ("steps[99999999999999999999]", "steps"), ("termux.deb.x", "termux.deb"),
  ]) func elseTheNearestParent(_ key: String, _ parent: String) throws {
    let locations = Self.reader.locations(Array(Self.text.utf8))
    let place = try #require(locations.position(of: parent))
    #expect(locations.position(of: key) == place)
  }

  @Test(arguments: [
    "rehearsal", "rehearsal.before", "", ".", "[0]", "]", ".steps", " steps", "steps]", "step", "stepss",
  ])
  func elseNowhere(_ key: String) { #expect(Self.reader.locations(Array(Self.text.utf8)).position(of: key) == nil) }

  @Test func theFirstOfTwoIsMeant() {
    let locations = Self.reader.locations(Array("a: 1\nb: {c: 1, c: 2}\na: 3\n".utf8))
    #expect(locations.position(of: "a") == Position(line: 1, column: 1))
    #expect(locations.position(of: "b.c") == Position(line: 2, column: 5))
  }

  @Test(arguments: ["", "a: [", "a: &x 1\nb: *x", "- a", "a: !!str 1", "\u{0}"]) func brokenFilesHaveNoKeys(
    _ text: String
  ) {
    #expect(Self.reader.locations(Array(text.utf8)).position(of: "a") == nil)
  }

  @Test func theFileIsLookedForFromTheDirectory() throws {
    #expect(throws: ReleaseReader.UnreadableFile.self) { try Self.reader.locations(file: "nowhere.yaml") }
    let directory = Description.tree.dropLast("/tree".count)
    let reader = ReleaseReader(surroundings: Surroundings(variables: [:], directory: String(directory)))
    #expect(try reader.locations(file: "tags.yaml").position(of: "version") == nil)
    #expect(try reader.locations(file: "no-check.yaml").position(of: "version") == Position(line: 2, column: 1))
  }

  private static let reader = ReleaseReader(surroundings: Surroundings(variables: [:], directory: Description.tree))
}
