import ReleaseDescription

/// prepare: gates, way back, baseline, first copies.
extension UpdatePlan {
  var before: Phase {
    Phase(
      title: "before anything changes",
      note: "By the apt hook, else in preinst; the same as belay-\(package) preflight. A failure refuses the update:"
        + " nothing was changed, no service was stopped.",
      operations: gates + newFiles + wayBack + baseline + firstCopy + [
        Operation(
          .file,
          "hold \(Amounts.size(snapshot.reserve)) and the space for copies, restore and set-aside by a ballast file",
          back: "the ballast file is removed when the transaction ends"),
        Operation(
          .record, "write the state 'prepared' and the Plan B of this transaction, plan-b.txt", back: Back.ownState),
      ])
  }

  private var gates: [Operation] {
    var result = [
      Operation(
        .gate,
        "\(package) \(release.control.version) was not refused on this host before"
          + (belay.fallback.to.isEmpty
            ? "" : ", and the installed version is one of: " + belay.fallback.to.joined(separator: ", ")),
        back: Back.readsOnly)
    ]
    if let space = belay.gates.freeSpace {
      result.append(Operation(.gate, "at least \(Amounts.size(space)) of free space", back: Back.readsOnly))
    }
    if let window = belay.gates.window {
      let zone = window.timezone ?? "the host's time zone"
      let what = "now is \(Amounts.weekdays(window.days)) between \(window.from) and \(window.to) (\(zone))"
      result.append(Operation(.gate, what, back: Back.readsOnly))
    }
    if let backup = belay.gates.backup {
      let what =
        "the newest file in \(backup.path) is younger than \(Amounts.duration(backup.maxAge * 1_000))"
        + " and has at least \(Amounts.size(backup.minSize))"
      let verify = backup.verify.map { [PlannedCommand(.verify, $0)] } ?? []
      result.append(Operation(.gate, what, verify, back: Back.readsOnly))
    }
    return result
      + belay.gates.checks.map { check in
        let what = "'\(check.name)': \(Describing.question(of: check))"
        return Operation(.gate, what, Describing.commands(of: check), back: Back.readsOnly)
      }
  }

  /// Checks of stage 'before'.
  private var newFiles: [Operation] {
    let checks = belay.checks.filter(\.isBefore)
    guard !checks.isEmpty else { return [] }
    let layout = Operation(
      .file,
      "extract the new files aside and lay them over the host's, conffiles as dpkg will place them, where only the checks"
        + " below see it (a mount namespace of their own)", back: "gone with the checks")
    return [layout]
      + checks.map { check in
        let end =
          check.severity == .required
          ? "a failure refuses the update; one that cannot tell (its dependencies are not installed yet, the host has no"
            + " such namespaces) is asked again in the phase 'the decision'" : Describing.weight(of: check)
        let what =
          "'\(check.name)', against the new files: \(Describing.question(of: check)), asked once,"
          + " at most \(Amounts.duration(check.timeout)); \(end)"
        return Operation(.check, what, Describing.commands(of: check), back: Back.readsOnly)
      }
  }

  private var wayBack: [Operation] {
    let sources = belay.fallback.sources.map(\.rawValue).joined(separator: ", then ")
    return [
      Operation(
        .copy,
        "find the .deb of the installed version (\(sources)), copy it, record its SHA-256 and read it back;"
          + " the same for what this run upgrades or removes and what cannot live with the old version"
          + members, back: Back.ownState),
      Operation(.apt, "simulate the return with the host's own apt and RETURN.conf", back: Back.readsOnly),
    ]
  }

  private var members: String {
    guard let set = belay.set else { return "" }
    return ", and for those of the set '\(set.name)' that this run changes: \(set.members.joined(separator: ", "))"
  }

  private var baseline: [Operation] {
    [
      Operation(
        .check,
        "baseline: every check of the phase 'the decision'"
          + (belay.checks.contains(where: \.isBefore) ? " and those above" : "")
          + ", once, on the old version; only what passes here is asked of it after a return", back: Back.readsOnly)
    ]
  }

  private var firstCopy: [Operation] {
    copied.map { path in
      Operation(
        .copy, "first copy of \(path.path) with services running, read back" + limits(of: path), back: Back.ownState)
    }
      + snapshot.dumps.map { dump in
        Operation(
          .database,
          "trial dump '\(dump.name)' with services running; verify reads it, and must refuse a truncated copy",
          commands(of: dump), back: Back.ownState)
      }
  }

  private func limits(of path: SnapshotPath) -> String {
    let size = path.maxSize.map { "; refused above \(Amounts.size($0))" } ?? ""
    return size + (path.exclude.isEmpty ? "" : "; without " + path.exclude.joined(separator: ", "))
  }
}
