// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "belay",
  products: [.executable(name: "belay", targets: ["belay"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
  ],
  targets: [
    .systemLibrary(name: "CArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
    .target(name: "CAptShim", linkerSettings: [.linkedLibrary("apt-pkg")]),
    .target(name: "Apt", dependencies: ["CAptShim"]),
    .target(
      name: "ExternalTools",
      dependencies: [.product(name: "Subprocess", package: "swift-subprocess")]),
    .target(
      name: "Templates", path: "templates", exclude: ["host/README.md"],
      resources: [
        .embedInCode("document"), .embedInCode("host"), .embedInCode("maintscript"), .embedInCode("rehearsal"),
        .embedInCode("scenario"),
      ]),
    .target(
      name: "ReleaseDescription",
      dependencies: ["Apt", "ExternalTools", .product(name: "Yams", package: "Yams")]),
    .target(
      name: "Packaging",
      dependencies: [
        "Apt", "CArchive", "ReleaseDescription", "Templates",
        .product(name: "Mustache", package: "swift-mustache"),
      ]),
    .target(
      name: "Rehearsal",
      dependencies: [
        "Apt", "ExternalTools", "Packaging", "ReleaseDescription", "Templates",
        .product(name: "Mustache", package: "swift-mustache"),
      ]),
    .target(name: "ReturnProof", dependencies: ["Apt"]),
    .executableTarget(
      name: "belay",
      dependencies: [
        "Apt", "ExternalTools", "Packaging", "Rehearsal", "ReleaseDescription", "ReturnProof",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .target(name: "TestSupport", dependencies: ["ExternalTools"], path: "Tests/TestSupport"),
    .testTarget(name: "ExternalToolsTests", dependencies: ["ExternalTools"]),
    .testTarget(name: "AptTests", dependencies: ["Apt"]),
    .testTarget(name: "ReleaseDescriptionTests", dependencies: ["ExternalTools", "ReleaseDescription", "TestSupport"]),
    .testTarget(
      name: "PackagingTests", dependencies: ["Packaging", "ReleaseDescription", "TestSupport"], exclude: ["Golden"]),
    .testTarget(
      name: "RehearsalTests",
      dependencies: ["ExternalTools", "Rehearsal", "ReleaseDescription", "Templates", "TestSupport"]),
    .testTarget(
      name: "ReturnProofTests", dependencies: ["ExternalTools", "ReturnProof", "TestSupport"], exclude: ["Roots"]),
    .testTarget(name: "HostTests", dependencies: ["TestSupport"]),
    .testTarget(name: "PieceTests", dependencies: ["TestSupport"]),
    .testTarget(name: "ExampleTests", dependencies: ["ExternalTools", "Rehearsal", "TestSupport"]),
    .testTarget(name: "HouseTests", dependencies: ["ExternalTools", "TestSupport"]),
  ],
  cxxLanguageStandard: .cxx17
)
