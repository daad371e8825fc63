#!/bin/bash
# shellcheck disable=SC2154  # the environment says it
# shellcheck disable=SC2016  # scripts of others, dpkg-query's fields
# seed.sh none|old|foreign: makes a fresh host what the scenarios start from: the old version in use (old; foreign: as a package
# that belay had no hand in), or everything but the package (none). package, old, old_deb, units and before stand in the
# environment; before is the release's own script that fills it with data.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
helpers=/srv/rehearsal

is_up() { case $(systemctl is-system-running 2> /dev/null) in running | degraded) ;; *) false ;; esac; }
for ((try = 0; try < 1200; try++)); do if is_up; then break; fi; sleep 0.05; done

sources() {
  rm -rf /etc/apt/sources.list.d /var/lib/apt/lists
  mkdir -p /etc/apt/sources.list.d /var/lib/apt/lists/partial
  echo 'deb [trusted=yes] file:/srv/repo ./' > /etc/apt/sources.list
  apt-get -q -q update
}

# package_of NAME VERSION [SCRIPT TEXT]: a small package of no consequence, for what else a run may do.
package_of() {
  local tree=$helpers/tree
  rm -rf "$tree"
  mkdir -p "$tree/DEBIAN" "$tree/usr/share/$1"
  echo "$2" > "$tree/usr/share/$1/version"
  printf 'Package: %s\nVersion: %s\nArchitecture: all\nMaintainer: belay <belay@localhost>\nDescription: made by a rehearsal\n' "$1" "$2" > "$tree/DEBIAN/control"
  if [ $# -gt 2 ]; then
    printf '#!/bin/sh\n%s\n' "$4" > "$tree/DEBIAN/$3"
    chmod 755 "$tree/DEBIAN/$3"
  fi
  dpkg-deb --root-owner-group -Znone --build "$tree" "$helpers/${5-${1#belay-rehearsal-}}_$2_all.deb" > /dev/null
  rm -rf "$tree"
}

neighbours() {
  mkdir -p "$helpers"
  package_of belay-rehearsal-other 1
  package_of belay-rehearsal-other 2
  package_of belay-rehearsal-failing 1 postinst 'exit 1'
  package_of belay-rehearsal-refusing 1 preinst 'exit 1'
  # Sorts before most names: apt configures it first.
  package_of aa-belay-rehearsal-failing 1 postinst 'exit 1' aa-failing
}

# The old version without belay: its files, and the scripts that debhelper would give it.
foreign() {
  local tree=$helpers/foreign unit calls=''
  dpkg-deb --raw-extract "$old_deb" "$tree"
  rm -rf "$tree/usr/sbin/belay-$package" "$tree/usr/lib/belay" "$tree"/etc/apt/apt.conf.d/60belay-* "$tree"/usr/share/man/man8/belay-* \
    "$tree"/DEBIAN/{preinst,postinst,prerm,postrm,md5sums}
  sed -i '/60belay-/d' "$tree/DEBIAN/conffiles" 2> /dev/null || :
  for unit in $units; do
    calls="$calls
  deb-systemd-helper unmask $unit > /dev/null || :
  if deb-systemd-helper --quiet was-enabled $unit; then deb-systemd-helper enable $unit > /dev/null || :; fi
  if [ -d /run/systemd/system ]; then systemctl --system daemon-reload || :; deb-systemd-invoke restart $unit > /dev/null || :; fi"
  done
  printf '#!/bin/sh\nset -e\nif [ "$1" = configure ] || [ "$1" = abort-upgrade ]; then :%s\nfi\n' "$calls" > "$tree/DEBIAN/postinst"
  printf '#!/bin/sh\nset -e\nif [ "$1" = remove ] && [ -d /run/systemd/system ]; then deb-systemd-invoke stop %s > /dev/null || :; fi\n' "$units" > "$tree/DEBIAN/prerm"
  chmod 755 "$tree/DEBIAN/postinst" "$tree/DEBIAN/prerm"
  (cd "$tree" && find . -path ./DEBIAN -prune -o -type f -printf '%P\0' | xargs -0 -r md5sum > DEBIAN/md5sums)
  # Where apt keeps what it has installed.
  mkdir -p /var/cache/apt/archives
  dpkg-deb -Znone --build "$tree" "/var/cache/apt/archives/$(dpkg-deb --showformat '${Package}_${Version}_${Architecture}.deb' -W "$old_deb" | sed 's/:/%3a/')" > /dev/null
  rm -rf "$tree"
  dpkg --force-confold -i /var/cache/apt/archives/"$package"_*.deb
  rm -rf /var/lib/belay /run/belay /etc/apt/apt.conf.d/60belay-* /usr/sbin/belay-"$package"
}

case $1 in
  none) sources; neighbours ;;
  old)
    sources
    neighbours
    # As a host would have it: installed by apt, which keeps no copy; belay keeps its own.
    apt-get -y -q -o Dpkg::Use-Pty=0 install "$package=$old" < /dev/null
    # In use for long: a probation of its own is over.
    ! sh "/var/lib/belay/$package/belay" status --json 2> /dev/null | grep -q '"state": "probation"' || sh "/var/lib/belay/$package/belay" keep # a package without belay: no
    if [ -n "$before" ]; then
      printf '%s' "$before" > /root/rehearsal-before
      chmod 700 /root/rehearsal-before
      cd / && /root/rehearsal-before < /dev/null
      rm -f /root/rehearsal-before
    fi
    ;;
  foreign) foreign ;;
esac
[ "$1" = none ] || dpkg-query -W -f '${db:Status-Status} ${Version}\n' "$package" | grep -qx "installed $old"
sync
