# The way back: the previous version's .deb, found, copied, read back.

# deb_is FILE PACKAGE VERSION ARCH: the whole archive can be read and is that version. Says why not in reason.
deb_is() {
  local fields
  [ -f "$1" ] && [ ! -L "$1" ] || { reason="$1 is not a regular file"; return 1; }
  fields=$(dpkg-deb --showformat '${Package} ${Version} ${Architecture}' -W "$1" 2>/dev/null) || { reason="$1 is not a readable .deb"; return 1; }
  if [ "$fields" != "$2 $3 $4" ]; then
    reason="$1 is $fields, not $2 $3 $4"
    return 1
  fi
  # The payload too: a truncated or flipped data member shows only when it is decompressed to its end.
  dpkg-deb --fsys-tarfile "$1" 2>/dev/null | tail -c 512 >"$tx/deb-end" || { reason="cannot read $1"; return 1; }
  dpkg-deb --fsys-tarfile "$1" >/dev/null 2>>"$tx/log" || { reason="$1 is truncated or damaged"; return 1; }
  rm -f "$tx/deb-end"
}

# deb_is_what_is_installed FILE PACKAGE: its checksums are those of the installed version: another build under the same
# version is not what ran here. Packages without md5sums say nothing either way.
deb_is_what_is_installed() {
  local installed="/var/lib/dpkg/info/$2.md5sums"
  [ -f "$installed" ] || return 0
  # One of the set may be unpacked already in its new version, when bare dpkg calls us.
  [ "$(dpkg-query -W -f '${Version}' "$2" 2>/dev/null)" = "$(dpkg-deb -f "$1" Version)" ] || return 0
  dpkg-deb --ctrl-tarfile "$1" 2>/dev/null | tar -xO ./md5sums 2>/dev/null | sort >"$tx/md5-deb" || : # none in the .deb: empty
  [ -s "$tx/md5-deb" ] || return 0
  sort "$installed" >"$tx/md5-installed"
  if ! cmp -s "$tx/md5-deb" "$tx/md5-installed"; then
    reason="$1 has the right version but other files than those installed"
    return 1
  fi
}

# keep_deb FILE DIRECTORY: copies it under its own name, reads the copy back, records its SHA-256. Prints the copy's path.
keep_deb() {
  local name sum copy
  name=$(dpkg-deb --showformat '${Package}_${Version}_${Architecture}.deb' -W "$1") || return 1
  name=$(printf '%s' "$name" | tr ':' '.') # apt takes "pkg:arch" and "pkg=version" apart; a path keeps its colon out of harm
  copy="$2/$name"
  sum=$(sha256sum <"$1") || return 1
  if [ "$1" != "$copy" ]; then
    cp --reflink=auto "$1" "$copy.partial" && sync "$copy.partial" && mv "$copy.partial" "$copy" || { rm -f "$copy.partial"; return 1; }
  fi
  [ "$(sha256sum <"$copy")" = "$sum" ] || { rm -f "$copy"; return 1; }
  printf '%s  %s\n' "${sum%% *}" "$name" >"$copy.sha256" && sync "$copy.sha256" "$2" || return 1
  printf '%s' "$copy"
}

# kept_deb_is_intact FILE: against the sum recorded when it was kept.
kept_deb_is_intact() {
  [ -f "$1" ] && [ -f "$1.sha256" ] && (cd "${1%/*}" && sha256sum --status -c "${1##*/}.sha256")
}

# find_deb PACKAGE VERSION ARCH: tries the declared sources in their order; sets found_deb (in $tx/wayback) and found_source.
find_deb() {
  local source candidate tried='' version_name
  found_deb='' found_source=''
  version_name=$(printf '%s' "$2" | sed 's/:/%3a/g')
  for source in $belay_fallback_sources; do
    case $source in
    kept)
      set -- "$1" "$2" "$3"
      while IFS= read -r candidate; do set -- "$@" "$candidate"/*.deb; done <<LIST
$(kept_directories)
LIST
      # What another package of ours kept of itself.
      [ "$1" = "$belay_package" ] || set -- "$@" "${state%/*}/$1"/kept/*.deb
      ;;
    cache) set -- "$1" "$2" "$3" "/var/cache/apt/archives/$1_${version_name}_$3.deb" ;;
    archive)
      say "no copy of $1 $2 on this host; asking its archive (at most 2 minutes)"
      rm -rf "$tx/download"
      mkdir -m 0700 "$tx/download"
      # The list's lock is free in a maintainer script and in a hook (T); the network may not answer: bounded.
      (cd "$tx/download" && timeout 120 env -i PATH="$PATH" LC_ALL=C.UTF-8 HOME=/root \
        apt-get -q -o APT::Sandbox::User=root download "$1:$3=$2" </dev/null 9>&-) >>"$tx/log" 2>&1 || : # nothing found is no file
      set -- "$1" "$2" "$3" "$tx"/download/*.deb
      ;;
    rebuild)
      if of_package "$1" rebuild_deb "$2" "$3"; then
        found_deb=$(keep_deb "$tx/rebuilt.deb" "$tx/wayback") && found_source=rebuild
        rm -f "$tx/rebuilt.deb"
        [ -z "$found_deb" ] || return 0
      fi
      tried="$tried rebuild ($reason);"
      continue
      ;;
    esac
    for candidate in "$@"; do
      case $candidate in
      *.deb) ;;
      *) continue ;;
      esac
      [ -e "$candidate" ] || continue
      case $(dpkg-deb --showformat '${Package} ${Version}' -W "$candidate" 2>/dev/null) in
      "$1 $2" | '') ;;      # ours, or unreadable: worth a word
      *) [ "$source" != kept ] || continue ;; # other versions are kept there as well
      esac
      if [ "$source" = kept ] && ! kept_deb_is_intact "$candidate"; then
        reason="$candidate is not what was kept: its SHA-256 differs"
      elif deb_is "$candidate" "$1" "$2" "$3" && deb_is_what_is_installed "$candidate" "$1"; then
        if found_deb=$(keep_deb "$candidate" "$tx/wayback"); then
          found_source=$source
          rm -rf "$tx/download"
          return 0
        fi
        reason="cannot copy $candidate to $tx/wayback"
      fi
      tried="$tried $source ($reason);"
    done
    case $tried in
    *" $source ("*) ;;
    *) tried="$tried $source (nothing);" ;;
    esac
    set -- "$1" "$2" "$3"
  done
  rm -rf "$tx/download"
  reason="no usable .deb of $1 $2 $3:${tried%;}"
  return 1
}
