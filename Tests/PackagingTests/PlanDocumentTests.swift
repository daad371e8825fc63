import ReleaseDescription
import Templates
import TestSupport
import Testing

@testable import Packaging

@Suite struct PlanDocumentTests {
  @Test(arguments: ["full", "least", "plain"])
  func documentsAreAsRecorded(name: String) throws {
    let plan = Plan(of: try #require(PlanSamples.named[name]))
    try Golden.expect(try Plans.text(plan), at: "PackagingTests/Golden/plan-\(name).txt")
    try Golden.expect(try Plans.markdown(plan), at: "PackagingTests/Golden/plan-\(name).md")
    try Golden.expect(try Plans.json(plan), at: "PackagingTests/Golden/plan-\(name).json")
  }

  @Test func theJSONReadsBackAsTheSamePlan() throws {
    let plan = Plan(of: PlanSamples.full)
    #expect(try Plans.plan(fromJSON: try Plans.json(plan)) == plan)
  }

  /// Mustache renders a name that it does not find as nothing at all.
  @Test func everyTagOfATemplateIsAPropertyOfItsContext() throws {
    let plan = Plan(of: PlanSamples.full)
    let update = PlanPages(plan: plan).update
    let manual = try ManualPages(plan: plan).markdown()
    let contexts: [(DocumentTemplate, [Any?])] = [
      (.planText, [update, update.phases.first, update.phases.first?.operations.first] + commandsAndSections(update)),
      (
        .planMarkdown,
        [update, update.phases.first, update.phases.first?.operations.first] + commandsAndSections(update)
      ),
      (.manualText, [manual, manual.steps.first]), (.manualMarkdown, [manual, manual.steps.first]),
      (.hostManual, [HostManualPage(release: PlanSamples.full)]),
    ]
    #expect(contexts.count == DocumentTemplate.allCases.count)
    for (template, objects) in contexts {
      let known = Set(
        objects.compactMap { $0 }.flatMap { Mirror(reflecting: $0).children.compactMap(\.label) } + ["."])
      let tags = Self.tags(of: try #require(Templates.text(named: template.rawValue)))
      #expect(!tags.isEmpty)
      #expect(tags.subtracting(known) == [], "\(template)")
    }
  }

  private func commandsAndSections(_ page: PlanPage) -> [Any?] {
    [page.phases.flatMap(\.operations).flatMap(\.commands).first, page.sections.first]
  }

  private static func tags(of text: String) -> Set<String> {
    Set(
      text.split(separator: "{{").dropFirst().compactMap { part in
        part.split(separator: "}}").first.map { String($0.drop { "{#/^&".contains($0) }) }
      })
  }
}
