import Foundation
import TestSupport

/// A row of docs/frontends.md: a front end, and what its caller gets when an update is taken back.
struct FrontEnd: Sendable, CustomStringConvertible {
  let name: String
  /// `hook`, `unit`, or `hook or unit`.
  let takenBackBy: String
  let exit: Int32
  /// Where RETURNED is read: `its output`, a file, or a command.
  let place: String

  var description: String { name }

  struct Unreadable: Error, CustomStringConvertible {
    let description: String
  }

  /// With BELAY_FRONT_ENDS set to a regular expression only those whose name matches, for whoever works on one.
  static func all() throws -> [FrontEnd] {
    let text = try String(contentsOfFile: Checkout.directory + "/docs/frontends.md", encoding: .utf8)
    let rows = text.split(separator: "\n").filter { $0.hasPrefix("|") }.dropFirst(2).map { line in
      line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    let wanted = try ProcessInfo.processInfo.environment["BELAY_FRONT_ENDS"].map { try Regex($0) }
    return try rows.map { row in
      guard row.count == 4, let exit = Int32(row[2]) else { throw Unreadable(description: "a bad row: \(row)") }
      return FrontEnd(name: row[0], takenBackBy: row[1], exit: exit, place: row[3])
    }.filter { front in wanted.map { front.name.contains($0) } ?? true }
  }

  /// The command that upgrades shop to a version, and other to 2.
  func command(to version: String) throws -> String {
    let file = "/srv/repo/shop_\(version)_all.deb"
    switch name {
    case "apt-get dist-upgrade": return "apt-get -q -y dist-upgrade"
    case "apt-get install ./FILE.deb": return "cd /srv/repo && apt-get -q -y install ./shop_\(version)_all.deb other"
    case "apt full-upgrade, on a terminal": return "script -qefc 'apt -y full-upgrade' /dev/null"
    case "apt-get install, piped into tee":
      return "apt-get -q -y install shop=\(version) other 2>&1 | tee /run/tee"
    case "aptitude safe-upgrade": return "aptitude -q -y safe-upgrade"
    case "aptitude install": return "aptitude -q -y install shop=\(version) other"
    case "unattended-upgrade": return "unattended-upgrade"
    case "apt-daily-upgrade.service":
      return "rm -f /var/lib/apt/periodic/*; systemctl start apt-daily-upgrade.service"
    case "python-apt commit": return "python3 -c '\(Self.pythonApt)'"
    case "pkcon update": return "pkcon -y -p update"
    case "pkcon update, packagekitd older than the hook": return "pkcon -y -p update"
    case "ansible apt: name= state=latest": return Self.ansible("name=shop,other state=latest")
    case "ansible apt: upgrade=dist": return Self.ansible("upgrade=dist")
    case "ansible apt: deb=": return Self.ansible("deb=\(file)")
    case "dpkg -i": return "dpkg -i \(file)"
    default: throw Unreadable(description: "nobody knows how to play the row '\(name)'")
    }
  }

  /// What does not take other packages along.
  var isOfOneFile: Bool { ["dpkg -i", "ansible apt: deb="].contains(name) }

  /// What installs in sets, and ends at the first that fails: whether other came before nobody can say.
  var isInSets: Bool { place.hasPrefix("/var/log/unattended-upgrades/") }

  /// What makes a package that it names a manually installed one, whatever comes of it.
  var marksManual: Bool { name == "ansible apt: name= state=latest" }

  /// apt makes what it was asked for by name a manually installed package.
  var namesIt: Bool { name.hasPrefix("apt-get install") || marksManual }

  private static let pythonApt = """
    import apt
    cache = apt.Cache()
    for name in "shop", "other": cache[name].mark_upgrade()
    cache.commit()
    """

  private static func ansible(_ arguments: String) -> String {
    "HOME=/root ansible -c local -i localhost, localhost -m apt -a '\(arguments)'"
  }
}
