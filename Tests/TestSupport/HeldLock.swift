import Foundation

/// A lock of dpkg's, held by a stranger: what a long apt run of somebody else looks like to everybody.
public struct HeldLock: Sendable {
  let host: Host
  let process: String

  /// Lets it go.
  public func release() async throws { try await host.succeed(#"kill "$process""#, environment: ["process": process]) }
}

extension Host {
  /// Takes a lock as apt does; `lock-frontend` is apt's, `lock` is dpkg's own.
  public func holdLock(_ path: String = "/var/lib/dpkg/lock-frontend") async throws -> HeldLock {
    let process = try await succeed(
      #"""
      setsid perl -e "$program" "$lock" < /dev/null > /dev/null 2>&1 &
      until [ -e "/run/held-$!" ]; do kill -0 "$!" && sleep 0.01 || exit 1; done
      echo $!
      """#, environment: ["program": Self.lockHolder, "lock": path])
    return HeldLock(host: self, process: process)
  }

  private static let lockHolder = #"""
    use Fcntl;
    open my $file, '+>>', $ARGV[0] or die;
    my $lock = pack('s s x4 q q l x4', F_WRLCK, 0, 0, 0, 0);
    fcntl($file, F_SETLK, $lock) or die;
    open my $ready, '>', "/run/held-$$" or die;
    sleep 1000 while 1;
    """#
}
