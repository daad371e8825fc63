import Foundation
import ReleaseDescription
import TestSupport
import Testing

/// What `contents` takes from the disk, and what it must not.
@Suite struct SourceTreeTests {
  private static func contents(_ entries: String, in directory: String) async -> ReleaseReader.Outcome {
    await Description.read(Description.head + "contents:\n" + entries, in: directory)
  }

  private static func link(_ path: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
  }

  @Test func aSymlinkOutOfTheTreeIsRefused() async throws {
    try await withScratch { directory in
      let inside = directory + "/inside"
      try Scratch.write("secret", to: directory + "/outside/secret")
      try Scratch.write("x", to: inside + "/data/file")
      try Self.link(inside + "/file", to: "../outside/secret")
      try Self.link(inside + "/folder", to: "../outside")
      try Self.link(inside + "/data/shadow", to: "/etc/shadow")
      try Self.link(inside + "/dangling", to: "nothing")
      for source in ["file", "folder/secret", "folder", "data/*", "folder/*", "data/../file", "dangling", "d*a"] {
        let outcome = await Self.contents("  - {src: \(source), dst: /opt/x}\n", in: inside)
        #expect(outcome.release == nil, "\(source)")
        #expect(outcome.findings.allSatisfy { $0.message.contains("symlink") }, "\(outcome.findings)")
      }
      let tree = await Self.contents("  - {src: folder, dst: /opt/x, type: tree}\n", in: inside)
      #expect(tree.release == nil)
    }
  }

  /// The script of a rehearsal is read from the same tree.
  @Test func aRehearsalsScriptStaysInTheTreeToo() async throws {
    try await withScratch { directory in
      let inside = directory + "/inside"
      try Scratch.write("#!/bin/sh\n", to: directory + "/outside/seed.sh")
      try Scratch.write("#!/bin/sh\n", to: inside + "/real.sh")
      try Self.link(inside + "/good.sh", to: "real.sh")
      try Self.link(inside + "/bad.sh", to: "../outside/seed.sh")
      try Self.link(inside + "/folder.sh", to: ".")
      func read(_ path: String) async -> ReleaseReader.Outcome {
        await Description.read(Description.head + "rehearsal: {before: \(path)}\n", in: inside)
      }
      for path in ["real.sh", "./good.sh", "../outside/seed.sh", directory + "/outside/seed.sh"] {
        #expect(await read(path).release?.rehearsal?.before?.path == path)
      }
      let outside = await read("bad.sh")
      #expect(outside.release == nil && outside.findings.first?.message.contains("through a symlink") == true)
      #expect(outside.findings.first?.hint == "name the file itself")
      #expect(await read("folder.sh").findings.map(\.message) == ["script 'folder.sh' is not a file"])
    }
  }

  @Test func aSymlinkWithinTheTreeIsFollowedAndInATreeKept() async throws {
    try await withScratch { directory in
      try Scratch.write("x", to: directory + "/dist/shop-1.0", mode: 0o755)
      try Self.link(directory + "/dist/shop", to: "shop-1.0")
      let file = await Self.contents("  - {src: dist/shop, dst: /usr/bin/shop}\n", in: directory)
      let kind = try #require(file.release?.contents.first?.kind)
      guard case .file(let source) = kind else { throw CancellationError() }
      #expect(source.hasSuffix("/dist/shop-1.0"))
      let tree = await Self.contents("  - {src: dist, dst: /opt/dist, type: tree}\n", in: directory)
      let link = tree.release?.contents.first { $0.destination == "/opt/dist/shop" }
      #expect(link?.kind == .symlink(target: "shop-1.0"))
    }
  }

  @Test func patternsAndTreesMeanWhatTheyMeanToNfpm() async throws {
    try await withScratch { directory in
      for path in ["a.txt", "b.txt", "c.md", "sub/d.txt", "sub/deep/e.txt", ".hidden.txt"] {
        try Scratch.write(path, to: directory + "/src/" + path)
      }
      func places(_ entry: String) async -> [String] {
        await Self.contents("  - {\(entry)}\n", in: directory).release?.contents.map(\.destination) ?? []
      }
      #expect(await places("src: \"src/*.txt\", dst: /x") == ["/x/.hidden.txt", "/x/a.txt", "/x/b.txt"])
      #expect(await places("src: \"src/{a,c}.*\", dst: /x") == ["/x/a.txt", "/x/c.md"])
      #expect(await places("src: \"src/[ab].txt\", dst: /x/") == ["/x/a.txt", "/x/b.txt"])
      #expect(await places("src: \"src/sub/**/*.txt\", dst: /x") == ["/x/d.txt", "/x/deep/e.txt"])
      #expect(await places("src: \"src/s*\", dst: /x") == ["/x/d.txt", "/x/deep/e.txt"])
      #expect(await places("src: src/sub, dst: /x") == ["/x/d.txt", "/x/deep/e.txt"])
      #expect(await places("src: src/a.txt, dst: /x/") == ["/x/a.txt"])
      #expect(await places("src: src/a.txt, dst: /x//y/./z") == ["/x/y/z"])
      #expect(await places("src: src/sub, dst: /x, type: tree") == ["/x", "/x/d.txt", "/x/deep", "/x/deep/e.txt"])
      let disowned = "src: src/sub, dst: /x, type: tree, disown_subtree: [/x/deep]"
      #expect(await places(disowned) == ["/x", "/x/d.txt", "/x/deep/e.txt"])
    }
  }

  @Test func globbingCanBeTurnedOff() async throws {
    try await withScratch { directory in
      try Scratch.write("x", to: directory + "/a*b")
      try Scratch.write("x", to: directory + "/axb")
      let text = Description.head + "disable_globbing: true\ncontents: [{src: \"a*b\", dst: /opt/file}]\n"
      let release = await Description.read(text, in: directory).release
      #expect(release?.contents.map(\.destination) == ["/opt/file"])
    }
  }

  @Test func modesDoNotDependOnTheCheckout() async throws {
    try await withScratch { directory in
      for (name, mode) in [("a", 0o600), ("b", 0o664), ("c", 0o700), ("d", 0o4775)] {
        try Scratch.write("x", to: directory + "/src/" + name, mode: mode)
      }
      let entry = "contents: [{src: src, dst: /opt, type: tree}]\n"
      let plain = await Description.read(Description.head + entry, in: directory).release
      #expect(plain?.contents.map(\.mode) == [0o644, 0o644, 0o755, 0o755])
      // nFPM's way, where it is asked for.
      let masked = await Description.read(Description.head + "umask: 022\n" + entry, in: directory).release
      #expect(masked?.contents.map(\.mode) == [0o600, 0o644, 0o700, 0o4755])
      let given = "contents: [{src: src, dst: /opt/x, type: tree, file_info: {mode: 0640}}]\n"
      let release = await Description.read(Description.head + given, in: directory).release
      #expect(release?.contents.map(\.mode) == [0o750, 0o640, 0o640, 0o640, 0o640])
    }
  }

  @Test func etcIsConffilesByItself() async throws {
    try await withScratch { directory in
      try Scratch.write("x", to: directory + "/f")
      try Self.link(directory + "/l", to: "f")
      let release = await Self.contents(
        """
          - {src: f, dst: /etc/a}
          - {src: f, dst: /opt/b, type: config}
          - {src: f, dst: /opt/c}
          - {src: x, dst: /etc/d, type: symlink}
          - {dst: /etc/e, type: dir}
          - {src: ., dst: /opt/tree, type: config|noreplace|tree}

        """, in: directory
      ).release
      let conffiles = release?.contents.filter(\.isConffile).map(\.destination)
      #expect(conffiles == ["/etc/a", "/opt/b", "/opt/tree/f"])
    }
  }

  @Test func whatIsNoFileIsRefused() async throws {
    try await withScratch { directory in
      try Scratch.write("x", to: directory + "/src/file")
      #expect(mkfifo(directory + "/src/pipe", 0o600) == 0)
      for entry in ["src: src, dst: /opt, type: tree", "src: src/pipe, dst: /opt/x", "src: \"src/*\", dst: /opt"] {
        let outcome = await Self.contents("  - {\(entry)}\n", in: directory)
        #expect(outcome.release == nil)
        #expect(outcome.findings.contains { $0.message.contains("is neither a file") }, "\(outcome.findings)")
      }
    }
  }

  @Test func aNameThatIsNotUtf8IsRefused() async throws {
    try await withScratch { directory in
      try Scratch.write("x", to: directory + "/src/file")
      let name =
        Array(directory.utf8CString.dropLast()) + "/src/".utf8.map { CChar($0) } + [CChar(bitPattern: 0xFF), 0]
      let descriptor = open(name, O_CREAT | O_WRONLY, 0o600)
      #expect(descriptor >= 0)
      close(descriptor)
      try Scratch.write("x", to: directory + "/src/two\nlines")
      let outcome = await Self.contents("  - {src: src, dst: /opt, type: tree}\n", in: directory)
      #expect(outcome.findings.map(\.severity) == [.error, .error])
    }
  }

  /// Whoever reads no file must not be told that it was packed.
  @Test(.enabled(if: geteuid() != 0)) func anUnreadableFileIsRefused() async throws {
    try await withScratch { directory in
      try Scratch.write("x", to: directory + "/f", mode: 0o000)
      #expect(await Self.contents("  - {src: f, dst: /opt/f}\n", in: directory).release == nil)
    }
  }
}
