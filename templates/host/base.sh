#!/bin/bash
# base.sh minimal|postgresql, or base.sh rehearsal [--suite SUITE] [--include PACKAGE,…] [--satisfy RELATIONS] [--from TAR]:
# prints the directory of an unpacked Debian that hosts are laid over; builds it when there is none yet for these inputs.
# BELAY_SUITE=SUITE makes hosts of that Debian release. RELATIONS are those of a Depends field, installed as apt satisfies them.
# Needs root and, to build, the machine's own Debian archive; with --from the unpacked TAR is the base.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

packages=systemd-sysv,dbus,iproute2,procps,strace,libfaketime,perl,util-linux-extra,adduser,ca-certificates
machine_suite=$(. /etc/os-release && echo "${VERSION_CODENAME-}")
suite=${BELAY_SUITE:-$machine_suite} satisfy='' from=''
name=${1-}
case $name in
  minimal) ;;
  postgresql) packages=$packages,postgresql,libdbd-pg-perl,libhttp-daemon-perl ;;
  rehearsal)
    shift
    while [ $# -gt 1 ]; do
      case $1 in
        --suite) suite=$2 ;;
        --include) packages=$packages,$2 ;;
        --satisfy) satisfy=$2 ;;
        --from) from=$(realpath -e -- "$2") || die "no base \"$2\"" ;;
        *) usage 'rehearsal [--suite SUITE] [--include PACKAGE,…] [--satisfy RELATIONS] [--from TAR]' ;;
      esac
      shift 2
    done
    ;;
  *) usage 'minimal|postgresql|rehearsal …' ;;
esac
[ -n "$suite$from" ] || die 'this machine names no suite in /etc/os-release: say --suite'

sources=()
for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
  if [ -s "$file" ]; then sources+=("$file"); fi
done
if [ -n "$from" ]; then
  key=$(stat -c '%n %i %s %.9Y' "$from")
else
  [ ${#sources[@]} -gt 0 ] || die 'this machine has no apt sources to build a base from: say --base'
  key=$(cat "$0" "${sources[@]}"; echo "$name $packages $suite $satisfy")
fi
key=$(sha256sum <<< "$key" | cut -c1-16)
base=$cache/base-$name-$key
if [ -e "$base/.ready" ]; then echo "$base/root"; exit; fi

[ "$(id -u)" = 0 ] || die 'building a base needs root'
mkdir -p "$cache"
exec 9> "$cache/base-$name.lock"
flock 9
if [ -e "$base/.ready" ]; then echo "$base/root"; exit; fi
rm -rf "$base"
mkdir -p "$base/root" "$base/scratch"

if [ -n "$from" ]; then
  say "belay: unpacking the host base \"${from##*/}\""
  tar --extract --numeric-owner --same-owner --xattrs '--xattrs-include=*' "--directory=$base/root" --file "$from" || { rm -rf "$base"; die "cannot unpack \"$from\""; }
else
  say "belay: building the \"$name\" host base with mmdebstrap (half a minute to two)"
  if [ "$suite" != "$machine_suite" ]; then
    mkdir "$base/sources"
    for file in "${sources[@]}"; do sed "s/\\b$machine_suite\\b/$suite/g" "$file" > "$base/sources/${file##*/}"; done
    sources=("$base/sources"/*)
  fi
  # A machine that lists its archive in more than one form would be asked twice: mmdebstrap takes the files as they are.
  # dpkg syncs every file it unpacks: on a tmpfs that is free, which makes this three times as fast.
  # The tar is streamed to the disk: a directory that mmdebstrap builds in place would be synced file by file.
  # shellcheck disable=SC2016  # the inner shells expand it
  BELAY_BASE=$base BELAY_SATISFY=$satisfy suite=$suite packages=$packages unshare --mount --propagation private bash -euo pipefail -c '
    mount -t tmpfs -o mode=755 tmpfs "$BELAY_BASE/scratch"
    hook=()
    if [ -n "$BELAY_SATISFY" ]; then
      # Without the chroot directory apt would call this machine'"'"'s own dpkg; an empty root ends it before that.
      hook=("--customize-hook=APT_CONFIG=\$MMDEBSTRAP_APT_CONFIG apt-get -q -q -y --no-install-recommends -o DPkg::Chroot-Directory=\"\${1:?}\" satisfy \"\$BELAY_SATISFY\"")
    fi
    TMPDIR=$BELAY_BASE/scratch mmdebstrap --quiet --mode=root --variant=apt --include="$packages" ${hook[@]+"${hook[@]}"} "$suite" - "$@" |
      tar --extract --numeric-owner --same-owner --xattrs --xattrs-include="*" --directory="$BELAY_BASE/root"
  ' - "${sources[@]}" 9>&- 1>&2 || { rm -rf "$base"; die "mmdebstrap could not build the \"$name\" base"; }
fi
rm -rf "$base/scratch" "$base/sources"

# The building machine's name and archive have no business in a host without network.
rm -rf "$base/root/etc/apt/sources.list.d" "$base/root/var/lib/apt/lists"
mkdir -p "$base/root/etc/apt/sources.list.d" "$base/root/var/lib/apt/lists/partial" "$base/root/srv/repo"
chown _apt "$base/root/var/lib/apt/lists/partial"
chmod 700 "$base/root/var/lib/apt/lists/partial"
echo 'deb [trusted=yes] file:/srv/repo ./' > "$base/root/etc/apt/sources.list"
printf '127.0.0.1 localhost host\n::1 localhost\n' > "$base/root/etc/hosts"
echo host > "$base/root/etc/hostname"
: > "$base/root/etc/machine-id"
: > "$base/.ready"
echo "$base/root"
