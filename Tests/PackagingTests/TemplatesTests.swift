import Foundation
import Templates
import Testing

@testable import Packaging

@Suite struct TemplatesTests {
  @Test func theListIsTheFolders() throws {
    let templates = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../templates")
    var texts: [String: String] = [:]
    for folder in ["maintscript", "document"] {
      for name in try FileManager.default.contentsOfDirectory(atPath: "\(templates.path)/\(folder)") {
        #expect(texts[name] == nil, "two templates are named \(name)")
        texts[name] = try String(contentsOf: templates.appending(path: "\(folder)/\(name)"), encoding: .utf8)
      }
    }
    let names = texts.keys.sorted()
    let list = names.map { name in
      "    (\"\(name)\", PackageResources.\(String(name.map { $0.isLetter || $0.isNumber ? $0 : "_" }))),"
    }
    guard Templates.all.map(\.name) == names else {
      Issue.record("templates/Templates.swift must list:\n\(list.joined(separator: "\n"))")
      return
    }
    for name in names {
      #expect(Templates.text(named: name) == texts[name], "\(name) is listed with another template's bytes")
    }
  }

  @Test func gzipIsGzip9n() async throws {
    let fixture = try Fixture()
    let text = String(repeating: "the same line, many times over\n", count: 200)
    let compressed = try Gzip.compressed(text)
    #expect(compressed.prefix(10) == [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 3])
    try Data(compressed).write(to: URL(filePath: fixture.path("text.gz")))
    #expect(try await run("gzip", "-dc", fixture.path("text.gz")) == text)
  }
}
