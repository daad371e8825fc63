/// Answers for people.
public enum ProofText {
  /// Each answer; a table first when there are several.
  public static func page(_ proofs: [ReturnProof]) -> String {
    var lines = proofs.count > 1 ? table(proofs) + [""] : []
    for proof in proofs { lines += text(proof) }
    return lines.map { $0 + "\n" }.joined()
  }

  private static func verdict(_ proof: ReturnProof) -> String {
    (proof.canReturn ? "yes" : "no") + (proof.isExact ? "" : " (inexact)")
  }

  private static func table(_ proofs: [ReturnProof]) -> [String] {
    let rows =
      [["package", "from", "to", "can return"]]
      + proofs.map { [$0.package, $0.from ?? "-", $0.to, verdict($0)] }
    // The last column is not filled up.
    let widths = (0..<3).map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) + "  " }.joined() + row[3]
    }
  }

  private static func text(_ proof: ReturnProof) -> [String] {
    let old = proof.from ?? "not installed"
    var lines = ["\(proof.package) \(old) -> \(proof.to): \(verdict(proof))"]
    lines += proof.reasons.map { "  because  \($0)" } + proof.remedies.map { "  do       \($0)" }
    lines += proof.changes.map { "  upgrade  \($0.package) \($0.from ?? "(new)") -> \($0.to ?? "(removed)")" }
    for deb in proof.debs {
      let sources = deb.sources.isEmpty ? "nowhere to be had" : deb.sources.map(\.rawValue).joined(separator: ", ")
      lines.append(
        "  return   \(deb.package) \(deb.version) \(deb.architecture): \(sources)\(deb.size.map { ", \($0) bytes" } ?? "")"
      )
    }
    lines += proof.removed.map { "  remove   \($0)" }
    let needed = proof.debs.compactMap(\.size).reduce(0, +)
    if !proof.debs.isEmpty {
      lines.append("  space    \(needed) bytes of .debs\(proof.freeSpace.map { ", \($0) bytes are free" } ?? "")")
    }
    if !proof.isExact { lines.append("  note     the apt of this root is of another series: it may decide otherwise") }
    return lines + proof.notes.map { "  note     \($0)" }
  }
}
