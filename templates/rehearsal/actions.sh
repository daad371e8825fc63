# shellcheck shell=bash
# shellcheck disable=SC2154  # stage.sh and the environment say it
# What the snippets of scenarios call. Sourced by stage.sh.

install_new() { apt-get -y -q -o Dpkg::Use-Pty=0 --allow-change-held-packages install "$package=$new"; }
dpkg_new() { dpkg -i "$new_deb"; }
apt_install() { apt-get -y -q -o Dpkg::Use-Pty=0 --allow-downgrades --allow-change-held-packages install "$@"; }
# conffile: the first conffile of the package that is installed.
conffile() { dpkg-query -W -f '${Conffiles}\n' "$package" | sed -n 's/^ \(.*\) [0-9a-f]*$/\1/p' | grep -v '/60belay-' | head -n 1; }
# shim COMMAND SCRIPT: a program in the place of another, which it finds as $real. Mounted over it: apt gives dpkg a PATH of its own.
shim() {
  local place
  place=$(PATH=/usr/sbin:/usr/bin:/sbin:/bin command -v "$1") || place=/usr/local/sbin/$1
  mkdir -p "$work/real" "$work/shims"
  printf '#!/bin/bash\nreal=%s\n%s\n' "$work/real/$1" "$2" > "$work/shims/$1"
  chmod 755 "$work/shims/$1"
  if [ -e "$place" ]; then
    cp "$place" "$work/real/$1"
    mount --bind "$work/shims/$1" "$place"
  else
    cp "$work/shims/$1" "$place"
  fi
}
unshim() {
  local place
  rm -f "/usr/local/sbin/$1"
  place=$(PATH=/usr/sbin:/usr/bin:/sbin:/bin command -v "$1") || return 0
  umount "$place"
}
# hold_lock FILE [SECONDS [next]]: a lock of dpkg's, held by a stranger, as apt takes it; "systemctl stop rehearsal-lock" ends
# it. next: the stranger waits for it, and has it as soon as it is let go.
hold_lock() {
  # A file, because systemd-run would expand what looks like a variable.
  cat > "$work/lock.pl" << 'END'
use Fcntl;
open my $file, "+>>", $ARGV[0] or die;
my $lock = pack "s s x4 q q l x4", F_WRLCK, 0, 0, 0, 0;
sub ready { open my $ready, ">", "/run/rehearsal/held" or die }
ready() if $ARGV[2];
fcntl($file, $ARGV[2] ? F_SETLKW : F_SETLK, $lock) or die;
ready();
select undef, undef, undef, $ARGV[1];
END
  systemd-run --quiet --collect --unit=rehearsal-lock perl "$work/lock.pl" "$1" "${2-1000}" "${3-}"
  wait_until 5 test -e "$work/held"
}
# squat PORT: another program listens there; "systemctl stop rehearsal-squatter" ends it.
squat() {
  cat > "$work/squat.pl" << 'END'
use IO::Socket::IP;
my $socket = IO::Socket::IP->new(LocalHost => "127.0.0.1", LocalPort => $ARGV[0], Listen => 64, ReuseAddr => 1) or die;
open my $ready, ">", "/run/rehearsal/squats" or die;
sleep 1000 while 1;
END
  systemd-run --quiet --collect --unit=rehearsal-squatter perl "$work/squat.pl" "$1"
  wait_until 5 test -e "$work/squats"
}
# drop_in UNIT [LINES]: settings of its service until the next boot; none: as before.
drop_in() {
  local directory=/run/systemd/system/$1.d
  rm -f "$directory/zz-rehearsal.conf"
  if [ $# -gt 1 ]; then
    mkdir -p "$directory"
    # shellcheck disable=SC2059  # its line ends are written \n
    printf "[Service]\n$2\n" > "$directory/zz-rehearsal.conf"
  fi
  rmdir "$directory" 2> /dev/null || :
  systemctl daemon-reload
}
# running_units: those that run.
running_units() { local one; for one in $units; do if systemctl is-active --quiet "$one"; then echo "$one"; fi; done; }
# finding KEY SENTENCE: something is wrong, whatever the end; KEY is that of the release description, or -.
finding() { printf '%s %s\n' "$1" "$2" >> "$work/finding"; }
faketime() { # OFFSET COMMAND…; no offset: FAKETIME_TIMESTAMP_FILE has it
  local offset=$1 library
  shift
  library=$(echo /usr/lib/*/faketime/libfaketime.so.1)
  [ -e "$library" ] || { echo 'libfaketime is not in the base'; return 1; }
  if [ -n "$offset" ]; then export FAKETIME=$offset; fi
  LD_PRELOAD=$library "$@"
}

# data_state NAME: what the dumps and the declared paths hold now, as text that is equal when the content is.
data_state() {
  local place=$work/$1 n variable
  rm -rf "$place"
  mkdir -p "$place"
  for ((n = 1; n <= dumps; n++)); do
    variable=dump_${n}_save
    dump_text "$n" "${!variable}" > "$place/dump-$n" 2> "$place/dump-$n.errors"
    echo $? > "$place/dump-$n.status"
  done
  printf '%s\n' "$paths" | while IFS= read -r path; do
    if [ -z "$path" ] || [ ! -e "$path" ]; then continue; fi
    find -L "$path" -xdev -printf '%p %y %m %U:%G\n' -type f -exec sha256sum {} + 2> /dev/null
  done | LC_ALL=C sort > "$place/files"
}

dump_text() {
  local n=$1 user=dump_${1}_user file="$work/dump.$1" environment=()
  if [ -n "$env_file" ] && [ -r "$env_file" ]; then mapfile -t environment < <(grep -E '^[A-Za-z_][A-Za-z0-9_]*=' "$env_file"); fi
  (
    cd / && run_as "${!user}" env -i "PATH=$PATH" HOME=/root LC_ALL=C.UTF-8 "BELAY_PACKAGE=$package" "BELAY_OLD_VERSION=$old" \
      "BELAY_NEW_VERSION=$new" ${environment[@]+"${environment[@]}"} bash -eu -o pipefail -c "$2" < /dev/null > "$file"
  ) || return
  case $(head -c 16 "$file" | tr -d '\0') in
    PGDMP*) pg_restore -f - "$file" | grep -vE '^(--|SET |SELECT pg_catalog\.(set_config|setval)|\\(un)?restrict |$)' ;;
    'SQLite format 3'*) sqlite3 "$file" .dump ;;
    $'\x1f\x8b'*) zcat "$file" ;;
    *) if grep -qI . "$file"; then cat "$file"; else sha256sum < "$file"; fi ;;
  esac
}
run_as() { if [ -n "$1" ]; then shift_user=$1; shift; runuser -u "$shift_user" -- "$@"; else shift; "$@"; fi; }
