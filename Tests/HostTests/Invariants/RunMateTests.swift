import TestSupport
import Testing

/// Ours fails and another package of the same run as well: invariants 3 and 4.
@Suite(.needsHost) struct RunMateTests {
  /// How a package of the same run fails, its name before ours in dpkg's order or after it.
  static let failures: [(String, String)] = ["aaa", "zzz"].flatMap { name in
    ["preinst", "postinst"].map { (name, $0) }
  }

  @Test(arguments: failures) func oursAndAnotherFail(_ failure: (String, String)) async throws {
    try await Host.booted { host in
      try await host.publishShop()
      let (name, script) = failure
      try await host.repository.add(
        ReleaseShelf.shared.foreign("\(name) \(script)") {
          ForeignPackage(name, "1", scripts: [script: "#!/bin/sh\nexit 1\n"])
        })
      let before = try await host.useShop()
      let prober = try await host.startProber()
      let result = try await host.apt(
        "install shop=2.0 \(name)=1 other=2 zother=2", options: "-o Dpkg::Options::=--force-confold")
      #expect(result.status == 100)
      let answer = try await prober.stop().last?.text
      #expect(answer != nil, "\(result.stderr)")
      if try await host.verdict() == "owed 3" {
        // apt configures nothing after a failed unpack: 1.0 serves, and the next command is the one that it names.
        #expect(script == "preinst" && answer == "1.0")
        try await host.succeed("dpkg -P \(name)")
        _ = try await host.run("dpkg --force-confold --configure -a < /dev/null")
      }
      _ = try await host.run("dpkg -P \(name)")
      let verdict = try await host.verdict()
      #expect(verdict == "returned 1")
      let others = [try await host.status(of: "other"), try await host.status(of: "zother")]
      #expect(others == ["install ok installed 2", "install ok installed 2"])
      let after = try await host.shop()
      let changed = after.difference(from: before)
      #expect(changed.isEmpty, "\(result.stderr)")
    }
  }
}
