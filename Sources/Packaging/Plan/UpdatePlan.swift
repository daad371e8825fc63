import ReleaseDescription

/// The way forward, in the order of the program on the host (templates/maintscript).
struct UpdatePlan {
  let release: Release
  let belay: Belay

  var phases: [Phase] {
    [before, taking, unpack, configure, steps, decision, probation, commit].filter { !$0.operations.isEmpty }
  }

  var package: String { release.control.name }
  var snapshot: Snapshot { belay.snapshot }
  var copied: [SnapshotPath] { snapshot.paths.filter(\.isCopied) }
  /// In the order in which they are stopped: the last one first.
  private var stopped: [Service] {
    belay.services.reversed().filter { service in
      service.onUpgrade == .restart || (service.onUpgrade == .none && snapshot.quiesce == .stop)
    }
  }

  // MARK: preinst and unpack

  private var taking: Phase {
    var operations = [
      Operation(
        .service,
        "arm the dead man's switch: \(HostPaths(package: package).bootUnit) at boot, and a transient unit that waits"
          + " for apt to end", back: "disarmed in every settled state")
    ]
    operations += belay.services.reversed().filter { $0.onUpgrade == .stopStart }.map(stop)
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
    operations += pause
    operations += stopped.map(stop)
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

  private var pause: [Operation] {
    guard case .command(let pause, _) = snapshot.quiesce else { return [] }
    let command = PlannedCommand(.pause, pause, timeout: snapshot.quiesceTimeout)
    return [Operation(.command, "pause writing while the copy is made", [command], back: "the resume command below")]
  }

  private var resume: [Operation] {
    guard case .command(_, let resume) = snapshot.quiesce else { return [] }
    let command = PlannedCommand(.resume, resume, timeout: snapshot.quiesceTimeout)
    return [Operation(.command, "go on writing", [command], back: "nothing to take back")]
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
    operations += belay.services.filter { $0.onUpgrade != .none || snapshot.quiesce == .stop }.map { service in
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
      operations: [Operation(.record, "write the state 'checking'", back: Back.ownState)] + waiting
        + belay.checks.filter { !$0.isBefore || $0.severity == .required }.map { check in
          let what =
            "'\(check.name)': \(Describing.question(of: check)); \(Describing.patience(of: check));"
            + " \(Describing.weight(of: check))"
          let again = "'\(check.name)', if it did not pass before anything changed: its command there, asked again"
          return Operation(
            .check, check.isBefore ? again : what, check.isBefore ? [] : Describing.commands(of: check),
            back: Back.readsOnly)
        })
  }

  /// A member that is not configured has nothing to be judged by.
  private var waiting: [Operation] {
    guard let set = belay.set else { return [] }
    let what =
      "wait for the set '\(set.name)': the checks run once, when all members of this run are configured (dpkg's trigger"
      + " belay-set-\(set.name)); one that is not by then fails the update"
    return [Operation(.record, what, back: Back.ownState)]
  }

  /// Empty: it is committed as soon as the checks passed.
  private var probation: Phase {
    guard belay.probation != nil || belay.confirmWithin != nil else {
      return Phase(title: "probation", note: "", operations: [])
    }
    var operations = [
      Operation(.record, "write the state 'probation': installed and serving, apt ends", back: Back.ownState),
      Operation(
        .service,
        "start the timer \(HostPaths(package: package).probationTimer), again after every boot until this has ended",
        back: "stopped in every settled state"),
      Operation(.check, "the required checks again and again, \(checkingTime)", back: Back.readsOnly),
    ]
    if let within = belay.confirmWithin {
      operations.append(
        Operation(
          .record,
          "wait for belay-\(package) confirm from a login that began after the checks did; without it in"
            + " \(Amounts.duration(within)) the fallback plan is taken", back: Back.ownState))
    }
    operations += Notifying.operations(belay.notify, of: ["probation"])
    return Phase(
      title: "probation",
      note:
        "A required check that fails as often in a row as its retries say leads to the fallback plan. What is inconclusive"
        + " pauses the time and is told. Time counts while the host runs; reboots change nothing. belay-\(package) keep"
        + " ends it early, belay-\(package) return goes back.",
      operations: operations)
  }

  private var checkingTime: String {
    belay.probation.map { "for \(Amounts.duration($0))" } ?? "until it is confirmed"
  }

  private var commit: Phase {
    var operations = [
      Operation(.copy, "keep this .deb: it is the next release's way back", back: Back.ownState),
      Operation(.record, "write the state 'committed'", back: Back.ownState),
    ]
    operations += StepPlan.operations(belay.steps, stage: .committed)
    operations += [
      Operation(.service, "disarm the dead man's switch", back: "nothing to take back"),
      Operation(
        .file,
        "delete copies of transactions beyond \(snapshot.keepCount), and of those older than"
          + " \(Amounts.duration(snapshot.keepAge * 1_000)); never the last good one", back: "nothing takes this back"),
    ]
    if let budget = belay.downtimeBudget {
      operations.append(
        Operation(
          .record,
          "downtime: at most \(Amounts.duration(budget)) (measured in rehearsal, recorded on the host);"
            + " above it the host says so, and fails nothing", back: Back.ownState))
    }
    operations += Notifying.operations(belay.notify, of: ["refused", "committed", "unproven"])
    return Phase(
      title: "commit",
      note: "From here on nothing returns by itself; a step that fails here is said, and run again by resume.",
      operations: operations)
  }

  func commands(of dump: Dump) -> [PlannedCommand] {
    [
      PlannedCommand(.save, dump.save, user: dump.user, timeout: dump.timeout),
      PlannedCommand(.verify, dump.verify, user: dump.user, timeout: dump.timeout),
    ]
  }
}
