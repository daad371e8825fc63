#!/bin/sh
# belay-PACKAGE: the program lives outside the package, because it has to work when the package is half there.
program=/var/lib/belay/PACKAGE/belay
if [ "${1-} ${2-}" = 'before fd3' ]; then exec 2>&3 3>&-; fi
if [ ! -e "$program" ]; then
  case ${1-} in
  settle) exit 0 ;;
  before)
    # Hidden by the sandbox of a unit (InaccessiblePaths=): preinst would refuse in the middle of the run, and leave its other packages
    # unpacked. Else preinst does the work.
    if [ ! -d /var/lib/belay ] || [ -w /var/lib/belay ] || ! LC_ALL=C sed '1,/^$/d' | grep -q '^PACKAGE [^/]* /'; then exit 0; fi
    echo 'belay: PACKAGE: REFUSED. Nothing was changed; what is installed stays, and its services run as before' >&2
    echo '  why       /var/lib/belay is hidden or read-only where this apt runs (InaccessiblePaths= of a unit?); first: systemd-run --pipe --wait apt-get install PACKAGE' >&2
    exit 20
    ;;
  esac
  echo "belay: error: belay has not worked on this host yet: $program is missing" >&2
  exit 74
fi
if [ "${1-}" = before ]; then
  # In every apt run of every package: a list without ours costs this one look at it. The protocol's head, apt's whole
  # configuration, ends with an empty line; of it only what dpkg will be told is passed on.
  run=$(LC_ALL=C sed -n '/^[Dd][Pp][Kk][Gg]::[Oo][Pp][Tt][Ii][Oo][Nn][Ss]::=/p; /^$/,$ p')
  case "
$run" in
  *"
PACKAGE "*) ;;
  *) exit 0 ;;
  esac
  printf 'VERSION 3\n%s\n' "$run" | sh "$program" before
  exit
fi
exec sh "$program" "$@"
