import ReleaseDescription

/// The way forward, in the order of the program on the host (templates/maintscript).
struct UpdatePlan {
  let release: Release
  let belay: Belay

  var phases: [Phase] {
    [before, taking, unpack, configure, steps, decision, commit].filter { !$0.operations.isEmpty }
  }

  private var package: String { release.control.name }
  private var snapshot: Snapshot { belay.snapshot }
  private var copied: [SnapshotPath] { snapshot.paths.filter(\.isCopied) }
  private var stopped: [Service] { belay.services.filter { $0.onUpgrade == .restart } }

  // MARK: before anything changes

  private var before: Phase {
    Phase(
      title: "before anything changes",
      note: "By the apt hook, else in preinst; the same as belay-\(package) preflight. A failure refuses the update:"
        + " nothing was changed, no service was stopped.",
      operations: gates + wayBack + baseline + firstCopy + [
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

  private var wayBack: [Operation] {
    let sources = belay.fallback.sources.map(\.rawValue).joined(separator: ", then ")
    return [
      Operation(
        .copy,
        "find the .deb of the installed version (\(sources)), copy it, record its SHA-256 and read it back;"
          + " the same for installed packages that depend on the new version", back: Back.ownState),
      Operation(.apt, "simulate the return with the host's own apt and RETURN.conf", back: Back.readsOnly),
    ]
  }

  private var baseline: [Operation] {
    [
      Operation(
        .check,
        "baseline: every check of the phase 'the decision', once, on the old version; only what passes here"
          + " is asked of it after a return", back: Back.readsOnly)
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

  private func commands(of dump: Dump) -> [PlannedCommand] {
    [
      PlannedCommand(.save, dump.save, user: dump.user, timeout: dump.timeout),
      PlannedCommand(.verify, dump.verify, user: dump.user, timeout: dump.timeout),
    ]
  }

  // MARK: preinst and unpack

  private var taking: Phase {
    var operations = [
      Operation(
        .service,
        "arm the dead man's switch: \(HostPaths(package: package).bootUnit) at boot, and a transient unit that waits"
          + " for apt to end", back: "disarmed in every settled state")
    ]
    operations += belay.services.filter { $0.onUpgrade == .stopStart }.map(stop)
    operations += script(release.scripts.preinst, named: "preinst")
    operations.append(Operation(.record, "write the state 'unpacked'", back: Back.ownState))
    return Phase(
      title: "preinst", note: "By dpkg, before it unpacks. From here on a failure leads to the fallback plan.",
      operations: operations)
  }

  private var unpack: Phase {
    let listed = PlannedFile.list(release.contents, without: HostPaths(package: package).ownFiles)
    let conffiles = listed.filter(\.isConffile).count
    let files = listed.count - conffiles
    var operations = [
      Operation(
        .file,
        "unpack \(Amounts.count(files, "file")) of the release (listed below) and belay's own"
          + " files", back: Back.reinstall)
    ]
    if conffiles > 0 {
      operations.append(
        Operation(
          .file,
          "place \(Amounts.count(conffiles, "conffile")); one that was edited here stays or asks, as dpkg decides",
          back: Back.reinstall + ", new ones are set aside, the rest comes from the copy where /etc is copied"))
    }
    return Phase(
      title: "unpack", note: "By dpkg; conffiles are placed at the begin of configure.", operations: operations)
  }

  private func stop(_ service: Service) -> Operation {
    Operation(
      .service, "stop \(service.unit), and the units that would start it again (TriggeredBy=)",
      back: "started again by the return")
  }

  private func script(_ script: UserScripts.Script?, named moment: String) -> [Operation] {
    guard let script else { return [] }
    let lines = script.text.split(separator: "\n", omittingEmptySubsequences: false).count
    let what = "run the release's own \(moment) (\(script.interpreter), \(Amounts.count(lines, "line")), shown below)"
    return [
      Operation(.command, what, back: "nothing by itself: the copies and the undo commands have to cover what it does")
    ]
  }

  // MARK: configure

  private var configure: Phase {
    var operations: [Operation] = []
    let systemd = SystemdFiles(release.contents)
    if !systemd.sysusers.isEmpty {
      let what = "systemd-sysusers " + systemd.sysusers.joined(separator: " ")
      operations.append(Operation(.file, what, back: "users and groups stay"))
    }
    if !systemd.tmpfiles.isEmpty {
      let what = "systemd-tmpfiles --create " + systemd.tmpfiles.joined(separator: " ")
      operations.append(Operation(.file, what, back: "directories stay, empty ones are harmless"))
    }
    operations += stopped.map(stop)
    operations += quiesce
    operations += copied.map { path in
      Operation(.copy, "copy what changed in \(path.path) since the first copy, read back", back: Back.ownState)
    }
    operations += snapshot.dumps.map { dump in
      Operation(
        .database, "final dump '\(dump.name)', verified like the trial dump", commands(of: dump), back: Back.ownState)
    }
    operations += resume
    operations.append(
      Operation(.record, "write the state 'saved': from here on the copies are the way back", back: Back.ownState))
    return Phase(
      title: "configure: the final copy", note: "By dpkg, in postinst. No step runs before this copy was verified.",
      operations: operations)
  }

  private var quiesce: [Operation] {
    switch snapshot.quiesce {
    case .none: return []
    case .stop: return belay.services.filter { $0.onUpgrade == .none }.map(stop)
    case .command(let pause, _):
      let command = PlannedCommand(.pause, pause, timeout: snapshot.quiesceTimeout)
      return [Operation(.command, "pause writing while the copy is made", [command], back: "the resume command below")]
    }
  }

  private var resume: [Operation] {
    switch snapshot.quiesce {
    case .none: return []
    case .stop:
      return belay.services.filter { $0.onUpgrade == .none }.map { service in
        Operation(.service, "start \(service.unit) again", back: "nothing to take back")
      }
    case .command(_, let resume):
      let command = PlannedCommand(.resume, resume, timeout: snapshot.quiesceTimeout)
      return [Operation(.command, "go on writing", [command], back: "nothing to take back")]
    }
  }

  private var steps: Phase {
    var operations = [Operation(.record, "write the state 'updating'", back: Back.ownState)]
    operations += StepPlan.operations(belay.steps, stage: .stopped)
    let units = belay.services.filter(\.enable).map(\.unit)
    if !units.isEmpty {
      operations.append(
        Operation(
          .service, "enable \(units.joined(separator: ", ")) unless an administrator disabled it",
          back: "enabled or not as before"))
    }
    if !belay.services.isEmpty {
      operations.append(Operation(.service, "systemctl daemon-reload", back: "the same after " + Back.reinstall))
    }
    operations += script(release.scripts.postinst, named: "postinst")
    operations += belay.services.filter { $0.onUpgrade != .none }.map { service in
      Operation(
        .service, "start \(service.unit): users can now write to the new version (opened)",
        back: "stopped, and the old version's started")
    }
    operations += StepPlan.operations(belay.steps, stage: .started)
    return Phase(
      title: "configure: the steps", note: "Each step's name is written down before it runs.", operations: operations)
  }

  private var decision: Phase {
    Phase(
      title: "configure: the decision",
      note:
        "A required check that fails, or passed on the old version and can no longer say, leads to the fallback plan.",
      operations: [Operation(.record, "write the state 'checking'", back: Back.ownState)]
        + belay.checks.map { check in
          let what =
            "'\(check.name)': \(Describing.question(of: check)); \(Describing.patience(of: check));"
            + " \(Describing.weight(of: check))"
          return Operation(.check, what, Describing.commands(of: check), back: Back.readsOnly)
        })
  }

  private var commit: Phase {
    var operations = StepPlan.operations(belay.steps, stage: .committed)
    operations.append(
      Operation(
        .record, "write the state 'committed', keep this .deb as the next way back, disarm the switch",
        back: Back.ownState))
    operations.append(
      Operation(
        .file,
        "delete transactions beyond \(snapshot.keepCount), and those older than"
          + " \(Amounts.duration(snapshot.keepAge * 1_000)); never the last good one", back: "nothing takes this back"))
    operations += Notifying.operations(belay.notify, of: ["refused", "committed", "unproven"])
    return Phase(title: "commit", note: "From here on nothing returns by itself.", operations: operations)
  }
}
