import ExternalTools
import Testing

@testable import Packaging

@Suite struct HostManualTests {
  /// The name has every character that a package's name can have; groff takes some of them for its own.
  @Test(arguments: ["guestbook", "g++-12.x"])
  func mandocFindsNothing(_ package: String) async throws {
    var release = PlanSamples.full
    release.control.name = package
    release.modificationTime = 1_700_000_000
    let page = try HostManual.page(release)
    let result = try await Tool("mandoc", ["-Tlint"], input: Array(page.utf8)).run(accepting: nil)
    #expect(result.outputText + result.errorText == "")
    let shown = try await Tool("mandoc", ["-Tascii"], input: Array(page.utf8)).run().outputText
      .replacing(/.\u{8}/, with: "")  // bold and italic, as a teletype printed them
    #expect(shown.contains("BELAY-\(package.uppercased())(8)"))
    #expect(shown.contains("2023-11-14"))
    #expect(shown.contains(HostPaths(package: package).state))
  }

  @Test func everyStateAndVerbIsExplained() throws {
    let page = try HostManual.page(PlanSamples.full)
    let verbs = [
      "status", "check", "history", "log", "plan", "verify", "preflight", "return", "keep", "confirm", "unblock",
      "resume",
      "prune",
    ]
    let states = [
      "prepared", "unpacked", "saved", "updating", "checking", "probation", "committed", "unproven", "refused",
      "aborted",
      "returning",
      "returned", "held", "stranded",
    ]
    for word in verbs + states {
      // The tag of a list: `.B word`, or `.BR word …`, after `.TP`.
      let isTag = page.contains("\n.TP\n.B \(word)\n") || page.contains("\n.TP\n.BR \(word) ")
      #expect(isTag || page.contains("\n.TP\n.BI \(word) "), "\(word)")
    }
  }
}
