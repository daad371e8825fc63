import ReleaseDescription

/// What a package without belay does: what dpkg does with any package.
struct PlainPlan {
  let release: Release

  var phases: [Phase] {
    let noWayBack = "nothing: this package has no way back"
    func script(_ script: UserScripts.Script?, _ moment: String) -> [Operation] {
      script.map { [Operation(.command, "run its \(moment) (\($0.interpreter)), shown below", back: noWayBack)] } ?? []
    }
    let unpack = Operation(.file, "unpack the files listed below", back: noWayBack)
    return [
      Phase(
        title: "install or upgrade", note: "By dpkg; belay is not in this package.",
        operations: script(release.scripts.preinst, "preinst") + [unpack] + script(release.scripts.postinst, "postinst")
      )
    ]
  }
}
