#!/bin/sh
# belay-PACKAGE: the program lives outside the package, because it has to work when the package is half there.
program=/var/lib/belay/PACKAGE/belay
if [ ! -e "$program" ]; then
  case ${1-} in
  before | settle) exit 0 ;; # apt's hooks: preinst does the work
  esac
  echo "belay: error: belay has not worked on this host yet: $program is missing" >&2
  exit 74
fi
if [ "${1-}" = before ]; then
  # In every apt run of every package: a list without ours costs this one look at it. The protocol's head, apt's whole
  # configuration, ends with an empty line.
  run=$(LC_ALL=C sed '1,/^$/d')
  case "
$run" in
  *"
PACKAGE "*) ;;
  *) exit 0 ;;
  esac
  printf 'VERSION 3\n\n%s\n' "$run" | sh "$program" before
  exit
fi
exec sh "$program" "$@"
