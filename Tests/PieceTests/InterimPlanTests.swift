import TestSupport
import Testing

/// How the old version's files are laid over those of the new one, for its services alone.
@Suite(.needsHost) struct InterimPlanTests {
  /// What the two versions have in common: a directory of their own, a program among others', a unit, a conffile.
  private static let versions = #"""
    file() { mkdir -p "${1%/*}"; printf '%s\n' "$2" > "$1"; }
    old="$tx/interim/tree"
    for place in "$old:1" ":2"; do
      root=${place%:*} version=${place#*:}
      file "$root/usr/lib/shop/server" "server $version"
      file "$root/usr/lib/shop/same" same
      file "$root/usr/bin/shop" "shop $version"
      file "$root/usr/share/doc/shop/changelog" "$version"
      file "$root/lib/systemd/system/shop.service" "[Service] # $version"
      file "$root/etc/shop.conf" "$version"
    done
    list() { (cd / && find usr/lib/shop opt/shop usr/bin/shop lib/systemd/system/shop.* -print) 2> /dev/null | sed s:^:/: > /var/lib/dpkg/info/shop.list; }
    list
    echo /etc/shop.conf > "$tx/conffiles-before"
    belay_services=1
    service_1() { unit=shop.service enable=true on_upgrade=restart; }
    plan() { code=0; plan_interim || code=$?; echo "$code"; }

    """#

  private static let plain = ["bind /usr/bin/shop", "bind /usr/lib/shop", "unit /lib/systemd/system/shop.service", "0"]

  @Test(arguments: Shell.allCases) func onlyWhatDiffers(_ shell: Shell) async throws {
    try await Pieces.with(shell) { pieces in
      let lines = try await pieces.lines(Self.versions + "plan")
      #expect(lines == Self.plain)
    }
  }

  /// What stands in the new version's place, and what comes of it; each on the two versions as they are.
  @Test(arguments: [
    // Data, and what somebody else put there, must not be hidden: only the file.
    ("file /usr/lib/shop/data/rows mine", "bind /usr/lib/shop/server"),
    ("file /usr/lib/shop/local mine", "bind /usr/lib/shop/server"),
    ("chown 1 /usr/lib/shop", "bind /usr/lib/shop/server"),
    // Where the release leaves room for data it is written to: the directory stays as it is.
    ("mkdir -p $old/usr/lib/shop/cache /usr/lib/shop/cache; list", "bind /usr/lib/shop/server"),
    // Of the new version alone: hidden with the directory.
    ("file /usr/lib/shop/new.d/more more; list", "bind /usr/lib/shop"),
    ("file /usr/lib/shop/__pycache__/x.pyc x", "bind /usr/lib/shop"),
    ("rm /usr/lib/shop/same; list", "bind /usr/lib/shop"),
    // Never a whole directory where data is kept.
    ("file $old/srv/shop/page 1; file /srv/shop/page 2", "bind /srv/shop/page"),
  ]) func aDirectoryIsOneOnlyWhereNothingElseIs(_ change: (String, String)) async throws {
    try await Pieces.with { pieces in
      let lines = try await pieces.lines(Self.versions + change.0 + "\nplan")
      #expect(lines.last == "0" && lines.contains(change.1), "\(change.0): \(lines)")
      #expect(lines.contains("bind /usr/lib/shop") == (change.1 == "bind /usr/lib/shop" || change.1.contains("srv")))
    }
  }

  @Test(arguments: [
    ("rm /usr/bin/shop", "/usr/bin/shop is not there any more"),
    ("rm /usr/bin/shop; ln -s dash /usr/bin/shop", "/usr/bin/shop is a link in one of the versions"),
    ("file $old/usr/lib/gone/x 1", "/usr/lib/gone is not there any more"),
    ("printf '/usr/bin/shop\\n/usr/bin/shop.other\\nother\\n' > /var/lib/dpkg/diversions", "/usr/bin/shop is diverted"),
    (
      "echo 'root root 4755 /usr/bin/shop' > /var/lib/dpkg/statoverride", "/usr/bin/shop is given another owner or mode"
    ),
    ("file \"$old/usr/bin/a b\" 1; file '/usr/bin/a b' 2", "it has a name with characters"),
    (
      "printf 'ExecStartPre=-+/usr/bin/shop\\n' >> $old/lib/systemd/system/shop.service",
      "shop.service runs something that does not see"
    ),
    (
      "file /etc/systemd/system/shop.service.d/x.conf RootDirectory=/srv",
      "shop.service runs something that does not see"
    ),
  ]) func whatCannotBeLaidOver(_ change: (String, String)) async throws {
    try await Pieces.with { pieces in
      let lines = try await pieces.lines(Self.versions + change.0 + "\nplan")
      #expect(lines.first?.hasPrefix("obstacle \(change.1)") == true && lines.last == "1", "\(change.0): \(lines)")
    }
  }

  /// What PID 1 reads: drop-ins of both versions, and nobody else's.
  @Test func dropInsOfTheNewVersionAreHidden() async throws {
    try await Pieces.with { pieces in
      let lines = try await pieces.lines(
        Self.versions + #"""
          file $old/lib/systemd/system/shop.service.d/old.conf 1
          file /lib/systemd/system/shop.service.d/new.conf 2
          list
          file /lib/systemd/system/shop.service.d/others.conf 3
          plan
          """#)
      #expect(
        lines == [
          "bind /usr/bin/shop", "bind /usr/lib/shop", "unit /lib/systemd/system/shop.service",
          "unit /lib/systemd/system/shop.service.d/old.conf", "hide shop.service.d/new.conf", "0",
        ])
    }
  }
}
