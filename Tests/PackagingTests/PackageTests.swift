import ExternalTools
import Foundation
import ReleaseDescription
import Testing

@testable import Packaging

@Suite struct PackageTests {
  private func sample(_ fixture: Fixture) throws -> [Content] {
    let program = try fixture.source("program", "#!/bin/sh\nexit 0\n")
    let settings = try fixture.source("settings", String(repeating: "x", count: 1025))
    return [
      Content(
        kind: .file(source: settings), destination: "/etc/shop/shop.conf", mode: 0o640, group: "adm", isConffile: true),
      Content(kind: .file(source: program), destination: "/usr/bin/shop", mode: 0o755),
      Content(kind: .symlink(target: "shop"), destination: "/usr/bin/shöp", mode: 0o777),
      Content(kind: .text(Array("a".utf8)), destination: "/usr/bin-x", mode: 0o644, modificationTime: 1),
      Content(kind: .directory, destination: "/var/lib/shop", mode: 0o2750, owner: "shop", group: "shop"),
    ]
  }

  @Test func nothingOfARehearsalIsPacked() throws {
    let fixture = try Fixture()
    for release in [PlanSamples.full, PlanSamples.plain] {
      var rehearsed = release
      var block = RehearsalBlock()
      block.include = ["curl"]
      block.before = .init(path: "seed.sh", script: .init(text: "#!/bin/sh\n", interpreter: "sh"))
      block.allow = [.init(path: "/var/log/guestbook", why: "logs")]
      rehearsed.rehearsal = block
      let packages = try [release, rehearsed].map { try Data(contentsOf: URL(filePath: try fixture.build($0))) }
      #expect(packages[0] == packages[1])
      #expect(Plan(of: release) == Plan(of: rehearsed))
    }
  }

  @Test(arguments: Compression.Algorithm.allCases)
  func dpkgReadsItAsItWasMeant(_ algorithm: Compression.Algorithm) async throws {
    let fixture = try Fixture()
    let level = algorithm == .none ? 0 : 3
    let release = Fixture.release(try sample(fixture), compression: Compression(algorithm, level: level))
    let package = try fixture.build(release)
    let members = try await run("ar", "tv", package, environment: ["TZ": "UTC", "PATH": "/usr/bin:/bin"])
    #expect(
      members.split(separator: "\n").allSatisfy { $0.hasPrefix("rw-r--r-- 0/0 ") && $0.contains("Nov 14 22:13 2023") })
    let contents = try await Tool(
      "dpkg-deb", ["--contents", package], environment: ["TZ": "UTC", "LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"]
    ).run().outputText
    #expect(
      contents == """
        drwxr-xr-x root/root         0 2023-11-14 22:13 ./
        drwxr-xr-x root/root         0 2023-11-14 22:13 ./etc/
        drwxr-xr-x root/root         0 2023-11-14 22:13 ./etc/shop/
        -rw-r----- root/adm       1025 2023-11-14 22:13 ./etc/shop/shop.conf
        drwxr-xr-x root/root         0 2023-11-14 22:13 ./usr/
        drwxr-xr-x root/root         0 2023-11-14 22:13 ./usr/bin/
        -rw-r--r-- root/root         1 1970-01-01 00:00 ./usr/bin-x
        -rwxr-xr-x root/root        17 2023-11-14 22:13 ./usr/bin/shop
        lrwxrwxrwx root/root         0 2023-11-14 22:13 ./usr/bin/shöp -> shop
        drwxr-xr-x root/root         0 2023-11-14 22:13 ./var/
        drwxr-xr-x root/root         0 2023-11-14 22:13 ./var/lib/
        drwxr-s--- shop/shop         0 2023-11-14 22:13 ./var/lib/shop/

        """)
    let extracted = fixture.path("extracted")
    _ = try await run("dpkg-deb", "-R", package, extracted)
    #expect(try String(contentsOfFile: "\(extracted)/usr/bin/shop", encoding: .utf8) == "#!/bin/sh\nexit 0\n")
    #expect(try String(contentsOfFile: "\(extracted)/DEBIAN/conffiles", encoding: .utf8) == "/etc/shop/shop.conf\n")
    let sums = try String(contentsOfFile: "\(extracted)/DEBIAN/md5sums", encoding: .utf8)
    #expect(sums == "0cc175b9c0f1b6a831c399e269772661  usr/bin-x\n33e4fd94e2560e008e2c3b431d0e3419  usr/bin/shop\n")
    // 8 directories, 2 KiB for 1025 bytes, 1 for each of three small entries.
    #expect(try await run("dpkg-deb", "-f", package, "Installed-Size") == "13\n")
  }

  @Test func aPlainPackageHasTheUsersScriptsVerbatim() async throws {
    let fixture = try Fixture()
    let script = UserScripts.Script(text: "#!/bin/bash\necho \"$1\" 'x'\n", interpreter: "bash")
    let package = try fixture.build(Fixture.release(scripts: UserScripts(postinst: script, prerm: script)))
    let extracted = fixture.path("extracted")
    _ = try await run("dpkg-deb", "-e", package, extracted)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: extracted).sorted() == ["control", "postinst", "prerm"])
    #expect(try String(contentsOfFile: "\(extracted)/postinst", encoding: .utf8) == script.text)
    let attributes = try FileManager.default.attributesOfItem(atPath: "\(extracted)/prerm")
    #expect(attributes[.posixPermissions] as? Int == 0o755)
  }

  @Test(arguments: [
    ("relative", PackagingError.PathFault.notNormalised), ("/usr/../../etc/x", .notNormalised),
    ("/usr//x", .notNormalised),  // A slash to the kernel, and to Swift one Character with the mark after it.
    ("/usr/../\u{301}x", .notNormalised),
    ("/usr/./x", .notNormalised), ("/usr/x/", .notNormalised), ("/", .notNormalised), ("/usr/a\nb", .newline),
  ])
  func aPathThatIsNotNormalisedIsRefused(_ path: String, _ fault: PackagingError.PathFault) {
    #expect(throws: PackagingError.path(path, fault: fault)) {
      try DebWriter(Fixture.release([Content(kind: .directory, destination: path, mode: 0o755)]))
    }
  }

  @Test func aFileBelowASymlinkIsRefused() {
    let contents = [
      Content(kind: .symlink(target: "/etc"), destination: "/opt/x", mode: 0o777),
      Content(kind: .text([]), destination: "/opt/x/passwd", mode: 0o644),
    ]
    #expect(throws: PackagingError.path("/opt/x/passwd", fault: .below(notDirectory: "/opt/x"))) {
      try DebWriter(Fixture.release(contents))
    }
  }

  @Test func oneDestinationTwiceIsRefused() {
    let entry = Content(kind: .text([]), destination: "/opt/x", mode: 0o644)
    #expect(throws: PackagingError.path("/opt/x", fault: .twice)) { try DebWriter(Fixture.release([entry, entry])) }
  }

  @Test func namesThatDifferOnlyToTheKernelAreTwoFiles() throws {
    let fixture = try Fixture()
    let contents = ["/opt/\u{e9}", "/opt/e\u{301}"].map { Content(kind: .text([]), destination: $0, mode: 0o644) }
    #expect(throws: Never.self) { try fixture.build(Fixture.release(contents)) }
  }

  @Test func ownersNumbers() throws {
    #expect(try Owners.user("www-data", mode: 0o755).id == 33)
    #expect(try Owners.user("shop", mode: 0o755).id == 0)
    #expect(try Owners.user("shop", mode: 0o4755).id == 65534)
    #expect(try Owners.group("shop", mode: 0o4755).id == 0)
    #expect(try Owners.group("shop", mode: 0o2755).id == 65534)
    #expect(try Owners.user("1000", mode: 0o755) == ("", 1000))
    for name in ["", "a:b", "a b", "a\n", "ü", String(repeating: "a", count: 32), "4294967295"] {
      #expect(throws: PackagingError.owner(name)) { try Owners.user(name, mode: 0o644) }
    }
  }
}
