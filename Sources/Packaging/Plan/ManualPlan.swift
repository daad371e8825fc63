import ReleaseDescription

/// The Plan B of a release: what a person does in a root bash when belay's own return failed or its programs are gone.
///
/// The host writes the same text with its own paths, sums and versions in it (templates/maintscript/plan-b.sh); the test
/// `theHostWritesTheSamePlanB` holds the two together.
struct ManualPlan {
  let release: Release
  let belay: Belay
  /// What only a host knows; the document in the package has these words in their places.
  var old = "OLD"
  var transaction = "TRANSACTION"
  var deb = "PREVIOUS.deb"
  var sum = "SHA256"

  var steps: [ManualStep] {
    [
      handsOff, ready, proof, before, stop, undo, dumps, paths(etc: false), install, paths(etc: true), start, checks,
      after, close,
    ]
    .filter { !$0.lines.isEmpty }
  }

  private var package: String { release.control.name }
  private var host: HostPaths { HostPaths(package: package) }
  private var directory: String { "\(host.state)/transactions/\(transaction)" }

  private var handsOff: ManualStep {
    ManualStep(
      title: "belay stands aside",
      lines: [
        .remark(
          "While the override of the first line is there: no gate, no snapshot, no step, no return by itself. A process"
        ),
        .remark("of belay's that still runs is waited for; the boot unit and the open transaction are taken away."),
        .command("flock -w 900 \(word(host.state + "/lock")) true"),
        .command(
          "rm -f \(word("/etc/systemd/system/multi-user.target.wants/" + host.bootUnit))"
            + " \(word("/etc/systemd/system/" + host.bootUnit)) \(word(host.state + "/open"))"),
      ])
  }

  private var ready: ManualStep {
    var lines: [ManualLine] = [
      .remark("All that follows is done in this directory and with this environment."),
      .command("cd \(word(directory))"),
      .command("rm -f ballast"),
      .command("export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8"),
      .command(
        "export BELAY_PACKAGE=\(word(package)) BELAY_OLD_VERSION=\(word(old))"
          + " BELAY_NEW_VERSION=\(word(release.control.version)) BELAY_TRANSACTION=\(word(transaction))"),
    ]
    if let file = belay.envFile {
      lines.append(
        .command(
          #"while IFS= read -r line; do case $line in [A-Za-z_]*=*) export "$line" ;; esac; done <"# + word(file)))
    }
    return ManualStep(title: "the shell", lines: lines)
  }

  private var proof: ManualStep {
    var lines: [ManualLine] = [
      .remark("The way back is what it was when it was proved. Do not go on if one of these fails: call."),
      .command("echo \(word("\(sum)  wayback/\(deb)")) | sha256sum -c -"),
    ]
    for number in belay.snapshot.dumps.indices.map({ $0 + 1 }) {
      let file = "snapshot/dumps/\(number)"
      lines.append(.command("if [ -e \(file) ]; then echo \"$(cat \(file).sha256)  \(file)\" | sha256sum -c -; fi"))
    }
    for (index, path) in belay.snapshot.paths.enumerated() where path.isCopied {
      lines.append(.command("(cd snapshot/paths/\(index + 1) && sed -n 's/^sha256 //p' manifest | sha256sum -c -)"))
    }
    return ManualStep(title: "the copies", lines: lines)
  }

  private var before: ManualStep {
    ManualStep(title: "before the return", lines: belay.fallback.before.map { .command(running($0, user: nil)) })
  }

  private var stop: ManualStep {
    ManualStep(
      title: "stop \(release.control.version)",
      lines: belay.services.reversed().map { service in
        .command(
          "if systemctl cat \(word(service.unit)) >/dev/null 2>&1; then systemctl stop \(word(service.unit)); fi")
      })
  }

  private var undo: ManualStep {
    let lines = belay.steps.enumerated().reversed().flatMap { index, step -> [ManualLine] in
      guard case .command(let undo) = step.undo else { return [] }
      let number = index + 1
      return [
        .remark("step \(number) '\(Visible.line(step.name))', if it was begun and not yet undone"),
        guarded(
          [Self.done("step-\(number)-begun"), "! " + Self.done("step-\(number)-undone")],
          [running(undo, user: step.user)]),
      ]
    }
    return ManualStep(title: "undo the steps", lines: lines)
  }

  private var dumps: ManualStep {
    let lines = belay.snapshot.dumps.enumerated().flatMap { index, dump -> [ManualLine] in
      let number = index + 1
      let name = Visible.line(dump.name)
      let file = "snapshot/dumps/\(number)"
      guard let restore = dump.restore, dump.restoreWhen != .never else {
        return [.remark("dump '\(name)' in \(file): not put back; a person decides")]
      }
      var conditions = [Self.saved, Self.touched]
      if dump.restoreWhen == .unopened { conditions.append("! " + Self.opened) }
      conditions.append("! " + Self.done("dump-\(number)"))
      return [
        .remark("dump '\(name)', \(Describing.restoring(dump.restoreWhen))"),
        guarded(conditions, [running(restore, user: dump.user, input: file)]),
      ]
    }
    return ManualStep(title: "data: the dumps", lines: lines)
  }

  private func paths(etc: Bool) -> ManualStep {
    let numbered = belay.snapshot.paths.enumerated().filter { $0.element.isBelowEtc == etc }
    var lines = numbered.flatMap { index, path -> [ManualLine] in restoring(path, number: index + 1) }
    if etc { lines = Self.ownConffiles + lines + newConffiles }
    return ManualStep(title: etc ? "configuration" : "data: the paths", lines: lines)
  }

  private static let ownConffiles: [ManualLine] = [
    .remark("The old version's conffiles as they were; what is there instead is set aside."),
    .command(
      """
      if [ -d conffiles ]; then
        (cd conffiles && find . -type f -print0) | while IFS= read -r -d '' file; do
          cmp -s "conffiles/$file" "/$file" && continue
          if [ -e "/$file" ]; then mkdir -p "aside/${file%/*}" && cp -a "/$file" "aside/$file" || exit; fi
          cp -a "conffiles/$file" "/$file" || exit
        done
      fi
      """),
  ]

  private var newConffiles: [ManualLine] {
    [
      .remark("Conffiles that only \(release.control.version) has are set aside, so that nothing reads them."),
      .command(
        """
        dpkg-query -W -f '${Conffiles}\\n' \(word(package)) | while read -r file _ flag; do
          [ "$flag" = obsolete ] && [ -e "$file" ] && [ "$file" != \(word(host.hook)) ] || continue
          grep -qxF "$file" conffiles-before && continue
          mkdir -p "aside${file%/*}" && mv "$file" "aside$file" || exit
        done
        """),
    ]
  }

  private func restoring(_ path: SnapshotPath, number: Int) -> [ManualLine] {
    let shown = Visible.line(path.path)
    guard path.isCopied else { return [.remark("\(shown) was not copied (copy: none): it stays as it is")] }
    let copy = "snapshot/paths/\(number)"
    guard path.restoreWhen != .never else {
      return [.remark("\(shown), copied to \(copy): not put back; a person decides")]
    }
    var conditions = [Self.saved]
    if path.restoreWhen == .unopened { conditions.append("! " + Self.opened) }
    conditions.append("! " + Self.done("path-\(number)"))
    let real = word(path.path)
    let beside = word(path.path + ".plan-b")
    let aside = word(path.path + ".plan-b-aside")
    var lines: [ManualLine] = [
      .remark("\(shown), \(Describing.restoring(path.restoreWhen)); what is there now is set aside, not deleted"),
      guarded(
        conditions,
        [
          "mkdir -m 0700 \(beside)", "\(Self.unpack) -C \(beside) -f \(copy)/first.tar",
          "{ [ ! -e \(copy)/final.tar ] || (cd \(beside) && xargs -0 -r rm -df --) <\(copy)/gone; }",
          "{ [ ! -e \(copy)/final.tar ] || \(Self.unpack) -C \(beside) -f \(copy)/final.tar; }",
          "{ [ ! -e \(real) ] || mv -T \(real) \(aside); }", "mv -T \(beside) \(real)",
        ]),
    ]
    if !path.exclude.isEmpty {
      let patterns = Visible.line(path.exclude.joined(separator: " "))
      lines.append(.remark("not in the copy, and in \(Visible.line(path.path)).plan-b-aside now: \(patterns)"))
    }
    return lines
  }

  private static let unpack =
    "tar -xp --numeric-owner --delay-directory-restore --acls --xattrs '--xattrs-include=*'"

  private var install: ManualStep {
    let file = word("./wayback/\(deb)")
    return ManualStep(
      title: "put \(old) back",
      lines: [
        .remark("The command that was proved before the update; if apt refuses, dpkg with the same files."),
        .command("dpkg --set-selections </dev/null"),
        .command(
          "DEBIAN_FRONTEND=noninteractive apt-get -c ./return.conf -y --allow-downgrades --reinstall install \(file)"
            + " || dpkg --force-confdef --force-confold -i \(file)"),
        .command(
          "if ! \(isInstalled); then dpkg --force-confdef --force-confold --configure \(word(package)); fi"),
        .command(isInstalled),
      ])
  }

  private var isInstalled: String {
    "dpkg-query -W -f '${db:Status-Status} ${Version}\\n' \(word(package)) | grep -Fx \(word("installed \(old)"))"
  }

  private var start: ManualStep {
    ManualStep(
      title: "start \(old)",
      lines: belay.services.isEmpty
        ? []
        : [.command("systemctl daemon-reload")]
          + belay.services.map { .command("systemctl start \(word($0.unit))") })
  }

  private var checks: ManualStep {
    let checks = belay.fallback.checks ?? belay.checks
    return ManualStep(
      title: "check \(old)",
      lines: [.remark("Only what passed on \(old) before the update says something about it now.")]
        + checks.flatMap { check -> [ManualLine] in
          let what = "'\(Visible.line(check.name))': \(Visible.line(ManualCheck(check: check).question))"
          return [.remark(what)] + ManualCheck(check: check).lines
        })
  }

  private var after: ManualStep {
    ManualStep(title: "after the return", lines: belay.fallback.after.map { .command(running($0, user: nil)) })
  }

  private var close: ManualStep {
    ManualStep(
      title: "close the transaction and say so",
      lines: [
        .remark(
          "\(release.control.version) is refused from now on, as after a return of belay's own; to allow it:"
            + " belay-\(package) unblock \(release.control.version)"),
        .command("printf '%s\\tstate\\treturned\\tby hand, Plan B\\t.\\n' \"$(date -u +%FT%TZ)\" >>journal"),
        .command(
          "printf '%s\\tby hand, Plan B\\n' \(word(release.control.version)) >>\(word(host.state + "/refused"))"),
        .command(
          "printf 'Explanation: belay: by hand, Plan B\\nPackage: %s\\nPin: version %s\\nPin-Priority: -1\\n'"
            + " \(word(package)) \(word(release.control.version)) >\(word(host.pin))"),
        .command("rm -f \(word(host.override))"),
        .remark(
          "Send this directory's files plan-b.txt, journal and log, and what you saw, to the people named above."),
        .remark("End of the Plan B."),
      ])
  }

  // What the journal says was done already, by the update or by a return that failed, is not done again.
  private static func done(_ name: String) -> String { "grep -qP '\\tdone\\t\(name)\\t' journal" }
  private static let saved = "grep -qP '\\tstate\\tsaved\\t' journal"
  private static let opened = "grep -qP '\\tfact\\topened\\t' journal"
  private static let touched = "grep -qP '\\t(done\\tstep-\\d+-begun|fact\\topened)\\t' journal"

  /// Joined by `&&`, so that in an interactive shell too nothing follows a failure.
  private func guarded(_ conditions: [String], _ commands: [String]) -> ManualLine {
    .command(
      "if " + conditions.joined(separator: " &&\n  ") + "; then\n  " + commands.joined(separator: " &&\n  ") + "\nfi")
  }

  /// A command as belay runs it: bash, strict, from `/`, with its dump or nothing on stdin.
  private func running(_ command: String, user: String?, input: String = "/dev/null") -> String {
    ManualCommand.running(command, user: user) + " <\(input)"
  }

  private func word(_ value: String) -> String { ShellWord.quoted(value) }
}

extension SnapshotPath {
  var isBelowEtc: Bool { path == "/etc" || path.hasPrefix("/etc/") }
}
