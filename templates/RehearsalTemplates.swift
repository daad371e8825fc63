/// What a rehearsal needs, embedded in the binary like the other templates; a test compares the lists with the folders.
extension Templates {
  /// `host/`: the scripts that make throw-away hosts.
  public static let hostTools: [(name: String, bytes: [UInt8])] = [
    ("base-frontends.sh", PackageResources.base_frontends_sh),
    ("base.sh", PackageResources.base_sh),
    ("boot.sh", PackageResources.boot_sh),
    ("create.sh", PackageResources.create_sh),
    ("cut.sh", PackageResources.cut_sh),
    ("enter.sh", PackageResources.enter_sh),
    ("fill.sh", PackageResources.fill_sh),
    ("hold.sh", PackageResources.hold_sh),
    ("inside.sh", PackageResources.inside_sh),
    ("kill.sh", PackageResources.kill_sh),
    ("lib.sh", PackageResources.lib_sh),
    ("publish.sh", PackageResources.publish_sh),
    ("seal.sh", PackageResources.seal_sh),
    ("stop.sh", PackageResources.stop_sh),
    ("sweep.sh", PackageResources.sweep_sh),
  ]

  /// `rehearsal/`: the scripts that run inside those hosts.
  public static let insideTools: [(name: String, bytes: [UInt8])] = [
    ("actions.sh", PackageResources.actions_sh),
    ("observe.sh", PackageResources.observe_sh),
    ("prober.pl", PackageResources.prober_pl),
    ("seed.sh", PackageResources.seed_sh),
    ("stage.sh", PackageResources.stage_sh),
  ]
}
