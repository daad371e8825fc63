import TestSupport
import Testing

/// Everything of `shop` that an attempt which did not succeed has to leave as it was, read at one moment.
///
/// Two of them are compared: what differs is what was lost.
struct ShopState: Equatable, CustomStringConvertible {
  /// What was read, by name.
  var parts: [String: String]

  subscript(_ part: String) -> String { parts[part] ?? "" }

  var description: String { parts.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "; ") }

  /// The parts that differ, of both.
  func difference(from other: ShopState) -> String {
    Set(parts.keys).union(other.parts.keys).sorted().filter { self[$0] != other[$0] }
      .map { "\($0) is '\(self[$0])', was '\(other[$0])'" }.joined(separator: "; ")
  }
}

extension Host {
  /// Waits until no belay process works on `shop`, then reads its state.
  func shop() async throws -> ShopState {
    let text = try await succeed(Self.readShop)
    var parts: [String: String] = [:]
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false)
      if fields.count == 2 { parts[String(fields[0])] = String(fields[1]) }
    }
    return ShopState(parts: parts)
  }

  /// belay's word for the last transaction and the exit code of `status`, for instance `returned 1`.
  ///
  /// The program is called where it is: after a return to a foreign version there is no shim.
  func verdict(of package: String = "shop") async throws -> String {
    try await succeed(
      #"""
      program=/var/lib/belay/$package/belay
      [ -e "$program" ] || { echo none; exit; }
      timeout 60 sh "$program" status --wait > /run/status.txt; code=$?
      word=$(sh "$program" status --json | perl -ne 'print $1 if /"display": *"([a-z]*)"/')
      echo "$word $code"
      """#, environment: ["package": package])
  }

  /// Runs apt as a person would; any exit code is an answer.
  func apt(_ arguments: String, options: String = "") async throws -> CommandResult {
    try await run("apt-get -q -y --allow-downgrades --allow-change-held-packages \(options) \(arguments)")
  }

  /// What a service of the host answers to `GET /version`; empty: nothing.
  func answer(port: Int = 8080) async throws -> String {
    try await succeed(
      #"""
      { exec 3<> "/dev/tcp/127.0.0.1/$port" || exit 0; } 2> /dev/null
      printf 'GET /version HTTP/1.0\r\n\r\n' >&3
      timeout 5 sed '1,/^\r$/d' <&3
      """#, environment: ["port": "\(port)"])
  }

  /// Adds an entry through the service, which syncs it before it answers.
  func post(_ entry: String) async throws {
    try await succeed(
      #"""
      exec 3<> /dev/tcp/127.0.0.1/8080
      printf 'POST /entries HTTP/1.0\r\nContent-Length: %s\r\n\r\n%s' "${#entry}" "$entry" >&3
      grep -q kept <&3
      """#, environment: ["entry": entry])
  }

  private static let readShop = #"""
    line() { printf '%s\t%s\n' "$1" "$(printf '%s' "$2" | tr '\n\t' '| ')"; }
    ask() {
      exec 3<> /dev/tcp/127.0.0.1/8080 || return
      printf 'GET %s HTTP/1.0\r\n\r\n' "$1" >&3
      timeout 5 sed '1,/^\r$/d' <&3
    } 2> /dev/null
    for try in $(seq 300); do
      case $(systemctl show -p ActiveState --value belay-shop-deferred.service belay-shop-settle.service) in
        *activating*) sleep 0.05 ;;
        *) pidof dpkg apt-get > /dev/null || break; sleep 0.05 ;;
      esac
    done
    line package "$(dpkg-query -W -f '${Status} ${Version}' shop 2> /dev/null)"
    line serves "$(ask /version)"
    line entries "$(cat /var/lib/shop/entries 2> /dev/null)"
    line ledger "$(cat /srv/ledger/rows 2> /dev/null)"
    line etc "$(find /etc/shop /etc/cron.d -name 'shop*' -type f -printf '%p %m %U:%G\n' -exec cat {} \; 2> /dev/null | sort)"
    line selection "$(dpkg --get-selections shop 2> /dev/null | cut -f 2- | tr -d '\t')"
    line auto "$(apt-mark showauto shop)"
    line enabled "$(systemctl is-enabled shop 2> /dev/null)"
    line active "$(systemctl is-active shop 2> /dev/null)"
    line notwhole "$(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' | grep -v '^[ih]i ')"
    line leftovers "$(
      ls -d /etc/systemd/system/belay-* /etc/systemd/system/*/belay-* /run/systemd/transient/belay-* \
        /var/lib/.belay-* /etc/.belay-* /var/lib/shop/.belay-* /var/lib/belay/shop/open /var/lib/dpkg/updates/[0-9]* \
        /var/lib/belay/shop/transactions/*/ballast /var/lib/belay/shop/transactions/*/interim \
        /var/lib/belay/shop/may-start /run/belay/*.interim* /run/systemd/system/shop.service* 2> /dev/null
    )"
    """#
}
