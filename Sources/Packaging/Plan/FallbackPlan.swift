import ReleaseDescription

/// The way back that belay takes by itself, in the order of the program on the host.
struct FallbackPlan {
  let release: Release
  let belay: Belay

  var phases: [Phase] { [begin, undo, restore, reinstall, serve, end].filter { !$0.operations.isEmpty } }

  private var package: String { release.control.name }
  private var version: String { release.control.version }
  /// A return that fails is not taken back: it ends in a named state.
  private static let stranded = "nothing: a failure here strands, and the Plan B is next"
  private static let aside = "nothing is deleted: what was there is set aside"

  private var later: String {
    let timer = HostPaths(package: package).probationTimer
    return belay.probation == nil && belay.confirmWithin == nil ? "." : "; in probation by a look of \(timer)."
  }

  private var begin: Phase {
    Phase(
      title: "begin of the return",
      note:
        "By the apt hook before apt ends, else by \(HostPaths(package: package).deferredUnit), else at boot\(later) One return"
        + " per bad version; an interruption resumes it, a failure of it strands.",
      operations: [Operation(.record, "write the state 'returning'", back: Back.ownState)]
        + belay.fallback.before.map { command in
          Operation(
            .command, "before the return", [PlannedCommand(.beforeReturn, command)],
            back: "its own counterpart in 'after the return'")
        }
        + belay.services.reversed().map { service in
          Operation(.service, "stop \(service.unit) and the units that would start it again", back: "started below")
        })
  }

  private var undo: Phase {
    let operations = belay.steps.enumerated().reversed().map { index, step in
      switch step.undo {
      case .command(let undo):
        Operation(
          .command, "undo step \(index + 1) '\(step.name)', if it ran",
          [PlannedCommand(.undo, undo, user: step.user, timeout: step.timeout)],
          back: "a failed undo: the copies decide while the new version was never opened, else 'held'")
      case .compatible:
        Operation(
          .record, "leave step \(index + 1) '\(step.name)' as it is: declared compatible with the old version",
          back: "nothing to take back")
      case .impossible:
        Operation(
          .record,
          "step \(index + 1) '\(step.name)' has no undo; it runs only after the decision, so not before a return",
          back: "nothing to take back")
      }
    }
    return Phase(title: "undo of the steps", note: "Only those that ran, in reverse.", operations: operations)
  }

  private var restore: Phase {
    let dumps = belay.snapshot.dumps.map { dump in
      let commands =
        dump.restoreWhen == .never
        ? [] : dump.restore.map { [PlannedCommand(.restore, $0, user: dump.user, timeout: dump.timeout)] } ?? []
      return Operation(
        .database, "dump '\(dump.name)': \(Describing.restoring(dump.restoreWhen))", commands,
        back: commands.isEmpty ? "nothing to take back" : Self.aside)
    }
    let paths = outsideEtc.map { path in restoring(path) }
    return Phase(
      title: "data", note: "From the verified copies, whose sums are proved again first; beside, then swapped.",
      operations: dumps + paths)
  }

  private var outsideEtc: [SnapshotPath] { copied.filter { !$0.isBelowEtc } }
  private var copied: [SnapshotPath] { belay.snapshot.paths.filter(\.isCopied) }

  private func restoring(_ path: SnapshotPath) -> Operation {
    Operation(
      .copy, "\(path.path): \(Describing.restoring(path.restoreWhen))",
      back: path.restoreWhen == .never ? "nothing to take back" : Self.aside + ", as PATH.belay-NUMBER")
  }

  private var reinstall: Phase {
    let etc = copied.filter(\.isBelowEtc).map { path in restoring(path) }
    return Phase(
      title: "the previous version",
      note:
        "The same command and RETURN.conf that were simulated before the update. Success is read from dpkg's database"
        + " and dpkg --verify, never from an exit code.",
      operations: [
        Operation(
          .apt,
          "apt-get -c RETURN.conf -y -q --reinstall install of the kept .deb, and of those that must go back with it\(members),"
            + " in one command", back: "if apt refuses: dpkg -i of exactly the same files"),
        Operation(
          .apt, "dpkg --configure of the same packages, conffiles as they are", back: Self.stranded),
      ] + etc + [
        Operation(
          .file, "put the old version's own conffiles back as they were, whatever the update was told about them",
          back: Self.aside),
        Operation(
          .file, "move conffiles aside that only \(version) has, so that nothing reads them", back: Self.aside),
      ])
  }

  private var members: String {
    belay.set.map { " (of the set '\($0.name)': \($0.members.joined(separator: ", ")))" } ?? ""
  }

  /// dpkg calls them as for every upgrade away from a version.
  private var ownScripts: [Operation] {
    [("prerm", release.scripts.prerm), ("postrm", release.scripts.postrm)].compactMap { moment, script in
      script.map {
        Operation(
          .command,
          "the release's own \(moment) (\($0.interpreter)) runs as dpkg replaces the package; its failure is"
            + " ignored", back: "nothing by itself")
      }
    }
  }

  private var serve: Phase {
    let services: [Operation] =
      belay.services.isEmpty
      ? []
      : [Operation(.service, "systemctl daemon-reload; units enabled or not as before", back: "nothing to take back")]
        + belay.services.map { service in
          Operation(.service, "start \(service.unit) if it ran before", back: Self.stranded)
        }
    let checks: [Operation] =
      belay.fallback.checks.map { checks in
        checks.map { check in
          let what = "'\(check.name)': \(Describing.question(of: check)); \(Describing.patience(of: check))"
          return Operation(.check, what, Describing.commands(of: check), back: Self.stranded)
        }
      } ?? [
        Operation(
          .check, "the checks that passed in the baseline, on the old version",
          back: "a required one that fails: held"
            + " if data may not be replaced, else stranded")
      ]
    return Phase(
      title: "the old version serves", note: "Returned is not said before it was checked.",
      operations: services + checks)
  }

  private var end: Phase {
    let firstInstall =
      switch belay.fallback.firstInstall {
      case .remove: "the package is removed, its configuration and data stay"
      case .keep: "the package stays as it is, for a person to decide"
      }
    var operations = [
      Operation(.record, "put hold and automatic marks back as they were", back: "nothing to take back"),
      Operation(
        .record, "refuse \(version) on this host from now on", back: "belay-\(package) unblock \(version)"),
      Operation(.record, "write the state 'returned'", back: "nothing to take back"),
      Operation(
        .apt, "pin \(version) so that apt does not propose it", back: "belay-\(package) unblock \(version)"),
      Operation(
        .apt, "dpkg --configure -a for the other packages of the run, with the caller's answers about conffiles",
        back: "nothing to take back: they would have been configured anyway"),
    ]
    operations += belay.fallback.after.map { command in
      Operation(.command, "after the return", [PlannedCommand(.afterReturn, command)], back: "nothing to take back")
    }
    operations.append(Operation(.service, "disarm the dead man's switch", back: "nothing to take back"))
    operations += Notifying.operations(belay.notify, of: ["returned", "held", "stranded"])
    return Phase(
      title: "end", note: "On a first install there is no previous version: \(firstInstall).", operations: operations)
  }
}
