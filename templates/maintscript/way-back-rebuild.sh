# Last resort: the previous .deb built again from the installed files, only where that is the truth (design, "Rebuild").

rebuild_is_faithful() {
  local path
  case $(dpkg-query -W -f '${Multi-Arch}' "$belay_package") in
  same) reason='the package is Multi-Arch: same'; return 1 ;;
  esac
  files_are_whole || return 1
  if grep -rqs '^ *path-exclude' /etc/dpkg/dpkg.cfg /etc/dpkg/dpkg.cfg.d; then
    reason='dpkg is told to leave paths out (path-exclude)'
    return 1
  fi
  dpkg-query -L "$belay_package" >"$tx/rebuild.list" || { reason='dpkg does not list its files'; return 1; }
  if grep -q '^diverted by\|^locally diverted\|^package diverts' "$tx/rebuild.list"; then
    reason='a file of it is diverted'
    return 1
  fi
  while IFS= read -r path; do
    if [ "$path" != /. ] && dpkg-statoverride --list "$path" >/dev/null; then
      reason="$path has a statoverride"
      return 1
    fi
    if [ -b "$path" ] || [ -c "$path" ]; then
      reason="$path is a device"
      return 1
    fi
  done <"$tx/rebuild.list"
  if tar -C / --no-recursion --format=posix --xattrs --xattrs-include=security.capability -cf - --verbatim-files-from \
    -T "$tx/rebuild.list" 2>/dev/null | LC_ALL=C grep -aq 'SCHILY.xattr.security.capability'; then
    reason='a file of it has capabilities'
    return 1
  fi
}

# An edited or deleted conffile is packed as a placeholder: packed as it is, a later upgrade would silently replace the edit (T).
rebuild_conffiles() {
  local path sum flag now
  dpkg-query -W -f '${Conffiles}\n' "$belay_package" >"$tx/rebuild.conffiles"
  while read -r path sum flag; do
    [ -n "$path" ] && [ "$flag" != obsolete ] || continue
    printf '%s\n' "$path" >>"$tx/rebuild/DEBIAN/conffiles"
    now=''
    [ -f "$path" ] && now=$(md5sum <"$path")
    if [ "${now%% *}" != "$sum" ]; then
      mkdir -p "$tx/rebuild${path%/*}" && rm -f "$tx/rebuild$path" &&
        printf '# The original of this file (md5 %s) was not on the host when the package was rebuilt.\n' "$sum" >"$tx/rebuild$path" &&
        chmod 0644 "$tx/rebuild$path" || return 1
    fi
  done <"$tx/rebuild.conffiles"
}

# Its paths as tar wants them. A directory of the package that is a link on this host (/lib since usrmerge, or an administrator's)
# must stay a directory in the package: without a line of its own tar makes it one.
list_for_tar() {
  perl -e '
    my @paths = grep { $_ ne "/." } map { s/\n\z//r } <STDIN>;
    my %parent;
    for (@paths) { my $p = $_; $parent{$p} = 1 while $p =~ s{/[^/]*\z}{} }
    print ".$_\n" for grep { !(-l && $parent{$_}) } @paths;
  ' <"$tx/rebuild.list"
}

# rebuild_deb VERSION ARCH: makes $tx/rebuilt.deb.
rebuild_deb() {
  local script info=/var/lib/dpkg/info
  dpkg_state
  case "${DPKG_MAINTSCRIPT_NAME-}:$dpkg_status $dpkg_version $dpkg_config_version" in
  *:[ih]"i  $1 "*) ;;
  # While dpkg runs our preinst it has written half-installed for the old version, and touched no file of it.
  preinst:[ih]"HR $1 $1") ;;
  *) reason="$1 is not the installed version"; return 1 ;;
  esac
  rebuild_is_faithful || return 1
  rm -rf "$tx/rebuild"
  mkdir -m 0755 "$tx/rebuild" && mkdir -m 0755 "$tx/rebuild/DEBIAN" &&
    list_for_tar >"$tx/rebuild.files" &&
    tar -C / --no-recursion --ignore-failed-read -cf - --verbatim-files-from -T "$tx/rebuild.files" 2>>"$tx/log" | tar -C "$tx/rebuild" -xpf - &&
    dpkg-query -s "$belay_package" | perl -ne '$skip = /^(?:Status|Config-Version|Conffiles):/ if /^\S/; print if !$skip && /\S/' >"$tx/rebuild/DEBIAN/control" &&
    rebuild_conffiles || { reason='the installed files cannot be packed'; rm -rf "$tx/rebuild"; return 1; }
  for script in preinst postinst prerm postrm config templates triggers shlibs symbols md5sums; do
    if [ -e "$info/$belay_package.$script" ]; then
      cp -p "$info/$belay_package.$script" "$tx/rebuild/DEBIAN/$script" || { reason="cannot copy $script"; return 1; }
    fi
  done
  dpkg-deb --build -Zgzip -z1 "$tx/rebuild" "$tx/rebuilt.deb" >>"$tx/log" 2>&1 || { reason='dpkg-deb cannot build it'; rm -rf "$tx/rebuild"; return 1; }
  rm -rf "$tx/rebuild" "$tx"/rebuild.*
  deb_is "$tx/rebuilt.deb" "$belay_package" "$1" "$2"
}
