import ArgumentParser
import Foundation
import Packaging
import ReturnProof

struct CanReturn: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prove by apt's own resolver that a host which takes a package can go back from it.",
    discussion: """
      Reads what dpkg and apt know below a root directory, simulates the upgrade as apt-get install ./PACKAGE.deb would do
      it, and from that state the return as the host does it. Needs no root, takes no lock, writes nothing below the root.

        $ belay can-return shop_1.4.0_amd64.deb --root /srv/containers/shop
        $ belay can-return --json --from 1.3.2 shop_1.4.0_amd64.deb --root /

      Exit: 0 all can return, 1 one cannot, or the root or a package is not good; 64 usage, 74 something could not be read.
      """)

  @Argument(help: "The packages, each asked about by itself.")
  var packages: [String]

  @Option(help: "The root directory: a mounted one, a container's, or /.")
  var root: String

  @Option(help: "The version to go back to, instead of the one that is installed there.")
  var from: String?

  @Flag(help: "Print the answers as a JSON array.")
  var json = false

  func run() throws {
    var proofs: [ReturnProof] = []
    var failure: Int32 = 0
    for path in packages {
      do {
        proofs.append(try Prover.prove(try question(path), root: root, in: Self.place))
      } catch let error as InspectionError {
        Console.error("\(error)")
        if case .file = error { failure = 74 } else { failure = max(failure, 1) }
      } catch let error as ProofError {
        Console.error("\(error)")
        failure = error.kind == .couldNot ? 74 : max(failure, 1)
      }
    }
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      print(String(decoding: try encoder.encode(proofs), as: UTF8.self))
    } else {
      print(ProofText.page(proofs), terminator: "")
    }
    if failure != 0 { throw ExitCode(failure) }
    if proofs.contains(where: { !$0.canReturn }) { throw ExitCode(1) }
  }

  private func question(_ path: String) throws -> ReturnProof.Question {
    let inspection = try Inspection(path)
    let release = inspection.release
    let fallback = release.belay?.fallback
    // apt knows a file by its ending and takes a bare name for a package's.
    let absolute = URL(fileURLWithPath: path).path
    return ReturnProof.Question(
      path: absolute, package: release.control.name, version: release.control.version,
      architecture: release.control.architecture, from: from, members: release.belay?.set?.members ?? [],
      allowed: fallback?.to ?? [],
      sources: fallback?.sources.compactMap { .init(rawValue: $0.rawValue) } ?? [.kept, .cache, .archive, .rebuild])
  }

  /// Where the copies of states are made while they are looked at.
  private static var place: String {
    let environment = ProcessInfo.processInfo.environment
    let base = environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
    return (base ?? NSHomeDirectory() + "/.cache") + "/belay/can-return"
  }
}
