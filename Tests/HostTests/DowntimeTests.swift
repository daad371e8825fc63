import TestSupport
import Testing

/// The budget of a downtime is said and written down; it never decides anything.
@Suite(.needsHost) struct DowntimeTests {
  @Test(arguments: [("1ms", true), ("1h", false)])
  func aLongerOneIsSaidAndWrittenDown(_ budget: String, isOver: Bool) async throws {
    let directory = try Scratch.make()
    defer { Scratch.remove(directory) }
    let old = try await TestRelease("1.0").build(in: directory)
    let new = try await TestRelease("2.0", belay: TestRelease.plainBelay + "\ndowntime: {budget: \(budget)}")
      .build(in: directory)
    try await Host.booted { host in
      try await host.succeed("dpkg -i \(try host.bring(old))")
      let result = try await host.run("apt-get -y install \(try host.bring(new)) 2>&1", timeout: .seconds(120))
      #expect(result.status == 0, "\(result.stdout)")
      #expect(try await host.status(of: "shop") == "install ok installed 2.0")
      let said = result.stdout.split(separator: "\n").filter { $0.contains("is above the budget of") }
      let fact = try await host.succeed(
        "cut -f 2-4 /var/lib/belay/shop/transactions/*-1.0-2.0/journal | grep over || :")
      let status = try await host.succeed("belay-shop status").split(separator: "\n").filter {
        $0.hasPrefix("downtime")
      }
      #expect(status.count == 1)
      if isOver {
        #expect(said.count == 1)
        #expect(said.first?.contains(/downtime \d+\.\d s is above the budget of 1 ms/) == true, "\(said)")
        #expect(fact.wholeMatch(of: /fact\tdowntime_over\t\d+ 1/) != nil, "\(fact)")
        #expect(status.first?.hasSuffix("), above the budget of 1 ms") == true, "\(status)")
      } else {
        #expect(said == [] && fact == "" && status.first?.hasSuffix(")") == true, "\(said) \(fact) \(status)")
      }
    }
  }
}
