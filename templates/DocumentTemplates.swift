/// The document templates, embedded in the binary.
public enum DocumentTemplates {
  public static let planText = PackageResources.plan_txt_mustache
  public static let planMarkdown = PackageResources.plan_md_mustache
  public static let manualText = PackageResources.plan_b_txt_mustache
  public static let manualMarkdown = PackageResources.plan_b_md_mustache
  public static let hostManual = PackageResources.belay_host_8_mustache
}
