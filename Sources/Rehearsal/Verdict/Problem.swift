/// Something that a scenario may not end with.
struct Problem: Sendable {
  /// One sentence for people.
  var sentence: String
  /// The key of the release description to mend: `steps[0].undo`.
  var key: String?
  var differences: [Difference] = []
  /// Lines of before that are nowhere any more.
  var entriesLost = 0
}
