/// What a misspelt word was probably meant to be.
enum Spelling {
  /// The nearest of `words`, if it is near enough to be worth a question.
  static func nearest(to word: String, among words: [String]) -> String? {
    // A distance costs length times length; nobody misspells a key with 100 kB.
    guard word.utf8.count <= 40 else { return nil }
    let bound = max(1, word.count / 3)
    let ranked = words.map { (word: $0, distance: distance(Array(word.lowercased()), Array($0))) }
    let near = ranked.filter { candidate in
      // `retry` for `retries`: another ending of the same word.
      let isSameStem = word.count > 3 && candidate.word.hasPrefix(word.lowercased().dropLast())
      return (candidate.distance <= bound || isSameStem) && candidate.distance < candidate.word.count
    }
    return near.min { $0.distance < $1.distance }?.word
  }

  /// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
  static func distance(_ left: [Character], _ right: [Character]) -> Int {
    if left.isEmpty || right.isEmpty { return max(left.count, right.count) }
    var before: [Int] = []
    var last = Array(0...right.count)
    for i in 1...left.count {
      var row = [i] + [Int](repeating: 0, count: right.count)
      for j in 1...right.count {
        let isSame = left[i - 1] == right[j - 1]
        row[j] = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (isSame ? 0 : 1))
        if i > 1, j > 1, left[i - 1] == right[j - 2], left[i - 2] == right[j - 1] {
          row[j] = min(row[j], before[j - 2] + 1)
        }
      }
      (before, last) = (last, row)
    }
    return last[right.count]
  }
}
