# Which conffiles the new version will have: dpkg's own table (its configure.c), with the answers that this run's options give.

# place_conffiles: takes out of $tx/before/root what dpkg will not put into place. before_asked: what it will ask a person about;
# its default, to keep what is there, is taken.
place_conffiles() {
  local root="$tx/before/root" line path forces owners
  before_asked=''
  true >"$tx/before/gone"
  dpkg-deb --info "$new_deb" conffiles >"$tx/before/conffiles" 2>/dev/null || return 0 # none
  { dpkg-query -W -f '${Conffiles}\n' "$belay_package" || :; } >"$tx/before/ours" 2>/dev/null # a first install: none
  # Another package's, which this one takes over.
  { dpkg-query -W -f '${Conffiles}\n' || :; } 2>/dev/null | grep -v ' obsolete$' >"$tx/before/theirs" || : # none
  forces=$(forced_options)
  while IFS= read -r path; do
    case $path in
    'remove-on-upgrade '*)
      printf '%s\n' "${path#* }" >>"$tx/before/gone"
      continue
      ;;
    esac
    [ -f "$root$path" ] && [ ! -L "$root$path" ] || continue
    case $(conffile_decision "$path" "$forces") in
    new) [ ! -f "$path" ] || { chown --reference="$path" "$root$path" && chmod --reference="$path" "$root$path"; } ;;
    kept) rm -f "$root$path" ;;
    asked)
      rm -f "$root$path"
      before_asked="$before_asked${before_asked:+ }$path"
      ;;
    esac || { reason="cannot write $tx"; return 1; }
  done <"$tx/before/conffiles"
}

# conffile_decision PATH FORCES: new | kept | asked
conffile_decision() {
  local new now=none was user=no dist=no
  new=$(sum_of "$tx/before/root$1")
  [ ! -f "$1" ] || now=$(sum_of "$1")
  was=$(conffile_sum "$1" "$tx/before/ours") || was=$(conffile_sum "$1" "$tx/before/theirs") || was=''
  if [ "$now" = "$new" ]; then
    echo kept
    return
  fi
  if [ "$now" = none ]; then
    case $was:$2 in
    :* | *,confmiss,*)
      echo new
      return
      ;;
    esac
  fi
  [ "$was" = "$now" ] || user=yes
  [ "$was" = "$new" ] || dist=yes
  case $user:$dist:$2 in
  no:yes:*) echo new ;;
  no:no:*) echo kept ;;
  yes:no:*,confask,* | yes:yes:*)
    case $2 in
    *,confdef,*) echo kept ;;
    *,confnew,*) echo new ;;
    *,confold,*) echo kept ;;
    *) echo asked ;;
    esac
    ;;
  *) echo kept ;;
  esac
}

sum_of() {
  local sum
  sum=$(md5sum <"$1") && printf '%s' "${sum%% *}"
}

# conffile_sum PATH FILE: what dpkg recorded of a conffile; 1: it knows none of this name.
conffile_sum() {
  local line
  while IFS= read -r line; do
    case $line in
    " $1 "*) ;;
    *) continue ;;
    esac
    line=${line#" $1 "}
    line=${line%% *}
    # A name may have blanks: only a sum is one.
    case $line in
    *[!0-9a-f]*) ;;
    ????????????????????????????????)
      printf '%s' "$line"
      return 0
      ;;
    esac
  done <"$2"
  return 1
}

# forced_options: ",confold,…,": what dpkg will be forced to in this run. In a script of dpkg's it says so itself; before it runs, it is
# asked with the options that the front end will give it, its own configuration and environment included.
forced_options() {
  local option
  if [ -n "${DPKG_MAINTSCRIPT_NAME-}" ]; then
    printf ',%s,' "${DPKG_FORCE-}"
    return
  fi
  set --
  while IFS= read -r option; do
    case $option in
    --force-* | --no-force-* | --refuse-*) set -- "$@" "$option" ;;
    esac
  done <<LIST
${BELAY_RUN_OPTIONS-}
LIST
  printf ',%s,' "$(dpkg "$@" --force-help 2>/dev/null | sed -n '/^Currently enabled options:/ { n; s/^ *//; p; }')"
}
