import ExternalTools
import Foundation
import ReleaseDescription
import Testing
import TestSupport

@testable import Packaging

/// Whatever goes wrong: nothing half-written, and what was there before stays.
@Suite struct FailureTests {
  private func file(_ source: String) -> Content {
    Content(kind: .file(source: source), destination: "/opt/file", mode: 0o644)
  }

  private func expectFailure(_ expected: PackagingError, _ fixture: Fixture, _ content: Content) throws {
    let old = try fixture.source("out.deb", "the package of before")
    let before = try fixture.files
    #expect(throws: expected) { try fixture.build(Fixture.release([content])) }
    #expect(try fixture.files == before)
    #expect(try String(contentsOfFile: old, encoding: .utf8) == "the package of before")
  }

  @Test func aSourceThatIsGone() throws {
    let fixture = try Fixture()
    let path = fixture.path("gone")
    try expectFailure(.file(action: .open, path: path, errno: ENOENT), fixture, file(path))
  }

  @Test(.timeLimit(.minutes(1))) func aSourceThatIsAFifo() throws {
    let fixture = try Fixture()
    let path = fixture.path("fifo")
    mkfifo(path, 0o600)
    try expectFailure(.notRegularFile(path), fixture, file(path))
  }

  /// Changes in the middle: the progress of the first piece is the moment.
  @Test(arguments: ["grows", "shrinks", "is touched"])
  func aSourceThat(_ changes: String) throws {
    let fixture = try Fixture()
    let path = fixture.path("source")
    try Data(repeating: 65, count: 3 << 20).write(to: URL(filePath: path))
    let writer = try DebWriter(Fixture.release([file(path)]))
    var hasChanged = false
    #expect(throws: PackagingError.changedWhileReading(path)) {
      try writer.write(to: fixture.path("out.deb")) { _ in
        if hasChanged { return }
        hasChanged = true
        switch changes {
        case "grows": truncate(path, 4 << 20)
        case "shrinks": truncate(path, 2 << 20)
        default: utimes(path, nil)
        }
      }
    }
    #expect(try fixture.files == ["source"])
  }

  @Test func aTargetDirectoryThatIsNotThere() throws {
    let release = Fixture.release()
    #expect(throws: PackagingError.file(action: .create, path: "/nonexistent", errno: ENOENT)) {
      try DebWriter(release).write(to: "/nonexistent/out.deb")
    }
  }

  @Test func anOldPackageIsReplacedInOneStep() async throws {
    let fixture = try Fixture()
    _ = try fixture.source("out.deb", "old")
    let package = try fixture.build(Fixture.release())
    #expect(try await run("dpkg-deb", "-f", package, "Package") == "shop\n")
    #expect(try fixture.files == ["out.deb"])
  }

  /// The way for file systems that have no nameless files.
  @Test func aHiddenNameIsRemovedAfterAFailure() throws {
    let fixture = try Fixture()
    let path = fixture.path("out.deb")
    try OutputFile.writeNamed(path) { file throws(PackagingError) in
      #expect((try? fixture.files.filter { $0.hasPrefix(".belay-") }.count) == 1)
      write(file.descriptor, "whole", 5)
    }
    #expect(try fixture.files == ["out.deb"])
    #expect(throws: PackagingError.noTemplate("x")) {
      try OutputFile.writeNamed(path) { _ throws(PackagingError) in throw .noTemplate("x") }
    }
    #expect(try fixture.files == ["out.deb"])
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "whole")
  }

  @Test func aFullDisk() async throws {
    guard getuid() == 0 else { return }
    let fixture = try Fixture()
    let disk = fixture.path("disk")
    try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
    _ = try await run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk)
    defer { umount2(disk, Int32(MNT_DETACH)) }
    let source = fixture.path("source")
    _ = try await run("dd", "if=/dev/urandom", "of=\(source)", "bs=1M", "count=3", "status=none")
    let writer = try DebWriter(Fixture.release([file(source)]))
    let error = #expect(throws: PackagingError.self) { try writer.write(to: "\(disk)/out.deb") }
    #expect("\(try #require(error))".contains("No space left on device"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: disk).isEmpty)
    #expect(try await run("df", "--output=used", disk).contains("0"))
  }

  /// Ended by a signal in the middle of its work, the program leaves nothing.
  @Test(arguments: ["INT", "TERM", "KILL"])
  func aSignal(_ signal: String) async throws {
    let fixture = try Fixture()
    _ = try await run("dd", "if=/dev/urandom", "of=\(fixture.path("source"))", "bs=1M", "count=64", "status=none")
    _ = try fixture.source(
      "release.yaml",
      """
      {name: shop, version: 1.4.0, arch: amd64, maintainer: "R <r@example.com>", description: sells things,
      contents: [{src: source, dst: /opt/source}], deb: {compression: "xz:6"}}
      """)
    let script = """
      # A background job of a script ignores SIGINT, and so would the program.
      env --default-signal=INT "$0" build -t out.deb & pid=$!
      for i in $(seq 500); do ls -l /proc/$pid/fd 2>/dev/null | grep -q 'source$' && break; sleep 0.01; done
      kill -s "$1" $pid; wait $pid; echo $?
      """
    let status = try await Tool("bash", ["-c", script, Checkout.belay, signal], directory: fixture.directory).run()
    let expected = ["INT": "130\n", "TERM": "143\n", "KILL": "137\n"]
    #expect(status.outputText == expected[signal])
    #expect(try fixture.files == ["release.yaml", "source"])
  }
}
