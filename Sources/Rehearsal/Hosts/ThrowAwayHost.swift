import ExternalTools
import Foundation

/// One throw-away host of a rehearsal; `remove` it even if `create` failed, which may have come half-way.
struct ThrowAwayHost: Sendable {
  let name: String
  let tools: HostTools

  /// - Parameter base: a directory, or layers over one (`LAYER:BASE`).
  /// - Parameter canLosePower: its disk is an ext4 image.
  /// - Parameter separate: a path that is a file system of its own.
  func create(
    over base: String, canLosePower: Bool = false, separate: String? = nil
  ) async throws(RehearsalError) {
    var arguments = [name, base, "--repo", tools.repository]
    if canLosePower { arguments.append("--disk") }
    if let separate { arguments += ["--separate", separate] }
    try await tools.call("create", arguments)
  }

  func boot() async throws(RehearsalError) { try await tools.call("boot", [name, "systemd"], timeout: .seconds(90)) }

  func cutPower() async throws(RehearsalError) { try await tools.call("cut", [name]) }

  /// Takes all room or all inodes of the file system of a path, or gives it back.
  func fill(_ what: String, of path: String) async throws(RehearsalError) {
    try await tools.call("fill", [name, what, path])
  }

  /// Makes what it wrote a layer; it is down then.
  func seal(as layer: String) async throws(RehearsalError) {
    try await tools.call("seal", [name, layer], timeout: .seconds(300))
  }

  /// Also when the run was cancelled: a task of its own is not.
  func remove() async {
    let (tools, name) = (tools, name)
    // What is left is swept away by the next run.
    _ = await Task { try? await tools.call("stop", [name]) }.value
  }

  /// Runs a script of `tools` inside, with these variables and nothing else of ours.
  func run(
    _ script: String, _ arguments: [String], environment: [String: String], timeout: Duration
  ) async throws(RehearsalError) -> Tool.Result {
    let variables = environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    return try await tools.call(
      "enter", [name, "env"] + variables + ["bash", "/srv/repo/tools/\(script)"] + arguments, timeout: timeout,
      accepting: nil)
  }

  /// An orderly end, so that nothing has to recover at the next boot.
  func powerOff() async throws(RehearsalError) {
    _ = try await tools.call(
      "enter", [name, "systemctl", "--no-block", "poweroff"], accepting: nil)
    let deadline = ContinuousClock.now + .seconds(60)
    while FileManager.default.fileExists(atPath: "/proc/\(process("init"))/ns"), ContinuousClock.now < deadline {
      try? await Task.sleep(for: .milliseconds(20))
      if Task.isCancelled { return }
    }
  }

  private func process(_ which: String) -> String {
    let text = try? String(contentsOfFile: "\(tools.hosts)/\(name)/\(which)", encoding: .utf8)
    return String((text ?? "").prefix { $0 != " " })
  }

  /// For a person who wants to look at it.
  var enterCommand: String {
    "sudo nsenter -t \(process("init")) --mount --pid --net --uts --ipc --cgroup --root --wd env -i PATH=$PATH TERM=$TERM bash"
  }

  /// Its directory tree, seen from here.
  var root: String { "/proc/\(process("init"))/root" }

  /// What it wrote over its base, seen from here; the second is that of `separate`.
  var upper: String { "/proc/\(process("holder"))/root\(tools.hosts)/\(name)/disk/up" }
  var separateUpper: String { "/proc/\(process("holder"))/root\(tools.hosts)/\(name)/own/up" }

  /// The text of a small file inside; nil: it is not there.
  func text(of path: String) -> String? {
    guard let data = FileManager.default.contents(atPath: root + path) else { return nil }
    return String(decoding: data, as: UTF8.self)
  }
}
