import ReleaseDescription

/// The parts of the Plan B that undo and restore; what was done already is not done again.
extension ManualPlan {
  var undo: ManualStep {
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

  var dumps: ManualStep {
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

  func paths(etc: Bool) -> ManualStep {
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
  func running(_ command: String, user: String?, input: String = "/dev/null") -> String {
    ManualCommand.running(command, user: user) + " <\(input)"
  }
}

extension SnapshotPath {
  var isBelowEtc: Bool { path == "/etc" || path.hasPrefix("/etc/") }
}
