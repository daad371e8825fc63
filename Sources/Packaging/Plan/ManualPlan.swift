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

  var package: String { release.control.name }
  var host: HostPaths { HostPaths(package: package) }
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
      lines: belay.services.isEmpty
        ? []
        : belay.services.reversed().map { service in
          .command(
            "if systemctl cat \(word(service.unit)) >/dev/null 2>&1; then systemctl stop \(word(service.unit)); fi")
        } + interim)
  }

  /// What a return that was interrupted or failed has told systemd.
  private var interim: [ManualLine] {
    let files = word(host.interimFiles)
    return [
      .remark(
        "What belay's own return told systemd is taken away: not to start them, or to run the previous version from"
          + " \(host.state).")
    ]
      + belay.services.map {
        .command("rm -f \(word("/etc/systemd/system/\($0.unit).d/belay-return.conf"))")
      } + [
        .command(
          // Unit names may have backslashes, which xargs would take away.
          "if [ -e \(files) ]; then cut -d ' ' -f 2 \(files) | xargs -d '\\n' rm -f \(word(host.interimLink)) \(files); fi"
        )
      ] + belay.services.map { emptied($0.unit) } + [.command("rm -rf interim"), .command("systemctl daemon-reload")]
  }

  /// A drop-in's directory goes with what was in it, and no other.
  private func emptied(_ unit: String) -> ManualLine {
    let places = ["/etc", "/run"].map { word("\($0)/systemd/system/\(unit).d") }.joined(separator: " ")
    return .command(
      "for dir in \(places); do [ ! -d \"$dir\" ] || rmdir --ignore-fail-on-non-empty \"$dir\"; done")
  }

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

  func word(_ value: String) -> String { ShellWord.quoted(value) }
}
