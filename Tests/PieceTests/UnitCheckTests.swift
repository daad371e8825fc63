import TestSupport
import Testing

@Suite(.needsHost) struct UnitCheckTests {
  private static let probe = #"""
    belay_services=1
    service_1() { unit='shop.service' enable='true' on_upgrade='restart'; }
    try() {
      probe_message='' code=0 unit="$1" stays="${2:-0}" timeout=5000
      probe_unit || code=$?
      printf '%s\n' "$code $probe_message"
    }
    unit() { printf '[Service]\nRestart=always\nRestartSec=%s\nExecStart=%s\n' "$1" "$2" >/run/systemd/system/shop.service; systemctl daemon-reload; }
    systemctl() { /usr/bin/systemctl "$@" 2>&1; }

    """#

  @Test func unitsAsTheyAre() async throws {
    try await Pieces.withSystemd { pieces in
      let lines = try await pieces.lines(
        Self.probe + #"""
          try nope.service
          unit 100ms '/bin/sleep 1000'
          try shop.service
          systemctl start shop.service
          try shop.service 700
          unpacked_monotonic_us=$(($(uptime_ms) * 1000))
          try shop.service
          on_other() { service_1() { unit='other.service' enable='true' on_upgrade='restart'; }; }
          service_1() { unit='shop.service' enable='true' on_upgrade='none'; }
          try shop.service
          service_1() { unit='shop.service' enable='true' on_upgrade='restart'; }
          systemctl restart shop.service
          try shop.service
          skipped_units='cron.service
          shop.service' try shop.service
          skipped_units=''
          cp /bin/sleep /usr/local/bin/shopd
          unit 100ms '/usr/local/bin/shopd 1000'
          systemctl restart shop.service
          try shop.service
          rm /usr/local/bin/shopd; cp /bin/sleep /usr/local/bin/shopd
          try shop.service
          unit 100ms '/bin/sleep 0.4'
          systemctl restart shop.service
          try shop.service 2000
          systemctl stop shop.service
          try shop.service
          systemctl mask --runtime --now cron.service >/dev/null 2>&1
          """#)
      #expect(
        lines == [
          "1 there is no unit nope.service", "1 shop.service is inactive (dead)", "0 ",
          "1 shop.service was not started since the unpack", "0 ", "0 ", "75 shop.service was off before", "0 ",
          "1 shop.service still runs the old program /usr/local/bin/shopd", lines.dropFirst(9).first,
          "1 shop.service is inactive (dead)",
        ])
      let crashing = lines.dropFirst(9).first ?? ""
      #expect(
        crashing == "1 shop.service did not stay up for 2 s: it was restarted"
          || crashing == "1 shop.service is activating (auto-restart)")
    }
  }

  @Test func silentBusIsInconclusive() async throws {
    try await Pieces.withSystemd { pieces in
      let lines = try await pieces.lines(
        Self.probe + #"""
          mkdir -p /root/bin; printf '#!/bin/sh\nsleep 60\n' >/root/bin/systemctl; chmod 755 /root/bin/systemctl
          PATH="/root/bin:$PATH"
          try shop.service
          """#)
      #expect(lines == ["69 systemctl does not answer: "])
    }
  }
}
