import ExternalTools
import class Foundation.FileManager
import Testing
import TestSupport

/// guestbook's packages before Debian's own judges.
@Suite struct GuestbookPackageTests {
  @Test func lintianFindsNothing() async throws {
    var packages: [String] = []
    for version in Guestbook.releases { packages.append(try await Guestbook.package(version)) }
    let result = try await Tool(
      "lintian", ["--no-cfg", "--allow-root", "--fail-on", "error,warning"] + packages, timeout: .seconds(300)
    ).run(accepting: nil)
    #expect(result.exitCode == 0, "\(result.everything)")
    #expect(result.outputText == "")
  }

  @Test(.needsHost) func piupartsInstallsAndPurges() async throws {
    let log = try await piuparts(["--no-upgrade-test", "--install-purge-install"], of: "1.2.0")
    #expect(log.contains("PASS: Installation and purging test."), "\(log.suffix(4_000))")
    #expect(log.contains("PASS: All tests."))
    // In a chroot nothing is decided: no service, no step, no check.
    #expect(log.contains("belay-result: package=guestbook state=unproven"))
  }

  @Test(.needsHost) func piupartsUpgrades() async throws {
    let log = try await piuparts(["--no-install-purge-test"], of: "1.2.0", over: "1.0.0")
    // A skipped upgrade ends in "PASS: All tests." as well.
    #expect(log.contains("PASS: Installation, upgrade and purging tests."), "\(log.suffix(4_000))")
  }

  /// piuparts' log; `over`: the release that its chroot's archive has.
  private func piuparts(_ arguments: [String], of version: String, over previous: String? = nil) async throws -> String
  {
    let package = try await Guestbook.package(version)
    let base = try await Host.directory(of: .postgresql)
    return try await withScratch { scratch in
      try FileManager.default.createDirectory(atPath: scratch + "/repo", withIntermediateDirectories: false)
      if let previous {
        let deb = try await Guestbook.package(previous)
        try FileManager.default.copyItem(atPath: deb, toPath: scratch + "/repo/\(previous).deb")
      }
      // The base's one source is /srv/repo, inside; piuparts binds a directory to its own name. In a mount namespace of
      // our own that can be the same name outside. The chroot is on a tmpfs: dpkg syncs every file.
      let script = """
        set -eu
        cd "$1/repo" && dpkg-scanpackages --multiversion . > Packages 2> /dev/null
        mount -t tmpfs tmpfs /srv && mkdir /srv/repo && mount --bind "$1/repo" /srv/repo
        mkdir "$1/tmp" && mount -t tmpfs tmpfs "$1/tmp" && cd /
        export TMPDIR="$1/tmp" && shift
        exec piuparts --distribution=bookworm --no-eatmydata --keep-sources-list --skip-minimize --bindmount=/srv/repo "$@"
        """
      let options = ["--existing-chroot=\(base)"] + arguments + [package]
      let result = try await Tool(
        "unshare", ["--mount", "--pid", "--fork", "--mount-proc", "bash", "-c", script, "-", scratch] + options,
        timeout: .seconds(400)
      ).run(accepting: nil)
      return result.everything
    }
  }
}
