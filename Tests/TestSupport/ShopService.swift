/// The files of the test service `shop`.
enum ShopService {
  static let serverPath = "/usr/lib/shop/server"

  /// Type=notify: `systemctl start` returns when it listens, and fails when it does not come to that.
  static let unit = """
    [Unit]
    Description=a shop for tests

    [Service]
    Type=notify
    ExecStart=/usr/lib/shop/server
    StateDirectory=shop
    Restart=on-failure
    RestartSec=500ms

    [Install]
    WantedBy=multi-user.target

    """

  /// perl-base is enough for it, so it runs on every Debian.
  static let server = #"""
    #!/usr/bin/perl
    use strict;
    use warnings;
    use IO::Handle;
    use IO::Socket::INET;
    use IO::Socket::UNIX;

    sub text { open my $file, '<', $_[0] or return ''; local $/; my $text = <$file>; chomp $text; $text }

    my ($behaviour, $seconds) = split ' ', text('/usr/lib/shop/behaviour');
    my $version = text('/usr/lib/shop/version');
    my ($port) = text('/etc/shop/shop.conf') =~ /^port=(\d+)$/m;
    exit 1 if $behaviour eq 'refuses-to-start' or not $port;
    my $socket = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => $port, Listen => 64, ReuseAddr => 1)
      or die "cannot listen on $port: $!\n";
    if ($ENV{NOTIFY_SOCKET}) {
      my $systemd = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Peer => $ENV{NOTIFY_SOCKET});
      $systemd->send('READY=1') if $systemd;
    }
    if ($behaviour eq 'dies-after') { $SIG{ALRM} = sub { exit 1 }; alarm $seconds }
    $SIG{PIPE} = 'IGNORE';

    while (1) {
      my $client = $socket->accept or next;
      my ($method, $path) = split ' ', (<$client> // '');
      my $length = 0;
      while (defined(my $line = <$client>)) { $length = $1 if $line =~ /^content-length:\s*(\d+)/i; last if $line =~ /^\r?$/ }
      my $body = '';
      read $client, $body, $length if $length;
      my ($status, $answer) = (200, "ok\n");
      if ($behaviour eq 'answers-500') { ($status, $answer) = (500, "broken\n") }
      elsif (not defined $path) { close $client; next }
      elsif ($path eq '/version') { $answer = "$version\n" }
      elsif ($path eq '/entries' and $method eq 'POST') {
        open my $file, '>>', '/var/lib/shop/entries' or die "entries: $!\n";
        # A disk whose power is gone answers with an error before everything is dead: that is no "kept".
        my $is_kept = (print $file "$body\n") && $file->flush && $file->sync;
        ($status, $answer) = $is_kept ? (201, "kept\n") : (500, "not written\n");
      }
      elsif ($path eq '/entries') { $answer = text('/var/lib/shop/entries') . "\n" }
      print $client "HTTP/1.0 $status -\r\nContent-Length: ", length $answer, "\r\nConnection: close\r\n\r\n$answer";
      close $client;
    }

    """#

  /// What debhelper 13 generates for one enabled service, without its comments.
  static let debhelperScripts = [
    "postinst": """
    #!/bin/sh
    set -e
    if [ "$1" = configure ] || [ "$1" = abort-upgrade ] || [ "$1" = abort-deconfigure ] || [ "$1" = abort-remove ]; then
      deb-systemd-helper unmask shop.service >/dev/null || true
      if deb-systemd-helper --quiet was-enabled shop.service; then
        deb-systemd-helper enable shop.service >/dev/null || true
      else
        deb-systemd-helper update-state shop.service >/dev/null || true
      fi
      if [ -d /run/systemd/system ]; then
        systemctl --system daemon-reload >/dev/null || true
        if [ -n "$2" ]; then action=restart; else action=start; fi
        deb-systemd-invoke $action shop.service >/dev/null || true
      fi
    fi

    """,
    "prerm": """
    #!/bin/sh
    set -e
    if [ -z "$DPKG_ROOT" ] && [ "$1" = remove ] && [ -d /run/systemd/system ]; then
      deb-systemd-invoke stop shop.service >/dev/null || true
    fi

    """,
    "postrm": """
    #!/bin/sh
    set -e
    if [ "$1" = remove ] && [ -d /run/systemd/system ]; then systemctl --system daemon-reload >/dev/null || true; fi
    if [ "$1" = purge ]; then deb-systemd-helper purge shop.service >/dev/null || true; fi

    """,
  ]
}
