import Foundation
import Rehearsal

/// The files that a rehearsal leaves: the page, the same as JSON and as JUnit's XML, and, when it passed, the receipt.
struct ReportFiles {
  let directory: String
  /// false: only some scenarios were run, which is no rehearsal of the release.
  let isWhole: Bool

  var page: String { directory + "/report.html" }

  func write(_ report: RehearsalReport) throws {
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    own(directory)
    try write(ReportPage.html(report), to: "report.html")
    try write(ReportJSON.text(report), to: "report.json")
    try write(ReportJUnit.xml(report), to: "junit.xml")
    let subject = report.new
    let receipt = "\(subject.name)_\(subject.version)_\(subject.architecture).rehearsal.json"
    if isWhole, let passed = Receipt(report) {
      try write(passed.json(), to: passed.fileName)
    } else if FileManager.default.fileExists(atPath: "\(directory)/\(receipt)") {
      // An earlier one must not speak for a package that has failed since.
      if isWhole { try FileManager.default.removeItem(atPath: "\(directory)/\(receipt)") }
    }
  }

  private func write(_ text: String, to name: String) throws {
    let path = "\(directory)/\(name)"
    try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    own(path)
  }

  /// Under sudo the report is the person's who asked for it.
  private func own(_ path: String) {
    let environment = ProcessInfo.processInfo.environment
    guard let user = environment["SUDO_UID"].flatMap({ Int($0) }),
      let group = environment["SUDO_GID"].flatMap({ Int($0) })
    else { return }
    try? FileManager.default.setAttributes([.ownerAccountID: user, .groupOwnerAccountID: group], ofItemAtPath: path)
  }
}
