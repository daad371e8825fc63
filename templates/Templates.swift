/// The templates, embedded in the binary.
///
/// SwiftPM offers no list of what it embeds, so the list is here; a test compares it with the folders.
public enum Templates {
  /// The text of one template by its file name, which is unique over the folders; nil: there is none of this name.
  public static func text(named name: String) -> String? {
    all.first { $0.name == name }.map { String(decoding: $0.bytes, as: UTF8.self) }
  }

  /// In the order of the names.
  public static let all: [(name: String, bytes: [UInt8])] = [
    ("before.sh", PackageResources.before_sh),
    ("belay-host.8.mustache", PackageResources.belay_host_8_mustache),
    ("conffiles.sh", PackageResources.conffiles_sh),
    ("dpkg-state.sh", PackageResources.dpkg_state_sh),
    ("forward.sh", PackageResources.forward_sh),
    ("guest.sh", PackageResources.guest_sh),
    ("hook.conf", PackageResources.hook_conf),
    ("journal.sh", PackageResources.journal_sh),
    ("judge.sh", PackageResources.judge_sh),
    ("lock.sh", PackageResources.lock_sh),
    ("main-postrm.sh", PackageResources.main_postrm_sh),
    ("main-prerm.sh", PackageResources.main_prerm_sh),
    ("main-program.sh", PackageResources.main_program_sh),
    ("marks.sh", PackageResources.marks_sh),
    ("notify.sh", PackageResources.notify_sh),
    ("plan-b.md.mustache", PackageResources.plan_b_md_mustache),
    ("plan-b.txt.mustache", PackageResources.plan_b_txt_mustache),
    ("plan.md.mustache", PackageResources.plan_md_mustache),
    ("plan.txt.mustache", PackageResources.plan_txt_mustache),
    ("postrm.list", PackageResources.postrm_list),
    ("prepare.sh", PackageResources.prepare_sh),
    ("prerm.list", PackageResources.prerm_list),
    ("program.list", PackageResources.program_list),
    ("program.sh", PackageResources.program_sh),
    ("put-back.sh", PackageResources.put_back_sh),
    ("refuse.sh", PackageResources.refuse_sh),
    ("report.sh", PackageResources.report_sh),
    ("retention.sh", PackageResources.retention_sh),
    ("return-conf.sh", PackageResources.return_conf_sh),
    ("return-set.sh", PackageResources.return_set_sh),
    ("return.sh", PackageResources.return_sh),
    ("services.sh", PackageResources.services_sh),
    ("settle.sh", PackageResources.settle_sh),
    ("shim.sh", PackageResources.shim_sh),
    ("simulate.sh", PackageResources.simulate_sh),
    ("start.sh", PackageResources.start_sh),
    ("state.sh", PackageResources.state_sh),
    ("status.sh", PackageResources.status_sh),
    ("steps.sh", PackageResources.steps_sh),
    ("switch.sh", PackageResources.switch_sh),
    ("transaction.sh", PackageResources.transaction_sh),
    ("units-install.sh", PackageResources.units_install_sh),
    ("verbs.sh", PackageResources.verbs_sh),
    ("way-back-rebuild.sh", PackageResources.way_back_rebuild_sh),
    ("way-back.sh", PackageResources.way_back_sh),
  ]
}
