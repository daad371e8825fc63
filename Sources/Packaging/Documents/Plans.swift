import ReleaseDescription

/// The documents of a release, as they are put into its package and printed by `belay plan`.
public enum Plans {
  public struct Documents: Sendable, Equatable {
    public let updatePlan: String
    public let fallbackPlan: String
    public let planB: String
  }

  /// The three documents as plain text.
  public static func documents(_ release: Release) throws -> Documents { try documents(of: Plan(of: release)) }

  static func documents(of plan: Plan) throws -> Documents {
    Documents(
      updatePlan: try DocumentTemplate.planText.render(PlanPages(plan: plan).update),
      fallbackPlan: try DocumentTemplate.planText.render(PlanPages(plan: plan).fallback),
      planB: try DocumentTemplate.manualText.render(ManualPages(plan: plan).text))
  }

  /// All three in one text.
  public static func text(_ plan: Plan) throws -> String {
    guard plan.hasWayBack else { return try DocumentTemplate.planText.render(PlanPages(plan: plan).update) }
    let documents = try documents(of: plan)
    return [documents.updatePlan, documents.fallbackPlan, documents.planB].joined(separator: "\n\n")
  }

  public static func markdown(_ plan: Plan) throws -> String {
    var pages = [try DocumentTemplate.planMarkdown.render(PlanPages(plan: plan).update)]
    if plan.hasWayBack {
      pages.append(try DocumentTemplate.planMarkdown.render(PlanPages(plan: plan).fallback))
      pages.append(try DocumentTemplate.manualMarkdown.render(ManualPages(plan: plan).markdown()))
    }
    return pages.joined(separator: "\n\n")
  }
}
