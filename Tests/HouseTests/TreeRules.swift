import TestSupport
import Testing

/// What may not be anywhere in the tree.
@Suite struct TreeRules {
  /// Written in two halves, so that this file does not break its own rule.
  @Test(arguments: [
    "/wor" + "k/", "/tmp/" + "w/", "/opt/" + "swift", "/root/" + ".cargo", "deb.debian" + ".org",
    "pypi" + ".org", "pythonhosted" + ".org", "registry.npm" + "js", "proxy.gol" + "ang",
  ])
  func nothingNamesAMachineOrARegistry(_ text: String) {
    #expect(occurrences(ofText: text, in: SourceFile.all()) == [])
  }

  @Test func nothingBuiltIsKept() {
    #expect(Checkout.files().filter { $0.hasSuffix(".deb") && !$0.contains("/.build") } == [])
  }

  @Test func textsAreClean() {
    let endings = [".swift", ".sh", ".md", ".mustache", ".yaml", "Makefile"]
    let files = SourceFile.all(endings: endings).filter {
      !$0.path.contains("Golden/") && !$0.path.contains("Fixtures/")
    }
    let swiftOrShell = files.filter { $0.path.hasSuffix(".swift") || $0.path.hasSuffix(".sh") }
    #expect(files.filter { $0.text.contains("\r\n") }.map(\.path) == [])
    #expect(files.filter { !$0.text.isEmpty && !$0.text.hasSuffix("\n") }.map(\.path) == [])
    #expect(
      swiftOrShell.flatMap { file in file.lines.filter { $0.hasSuffix(" ") }.map { "\(file.path): \($0)" } } == [])
  }
}
