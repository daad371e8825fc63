#!/bin/sh
<<<<<<< HEAD
=======
# belay-PACKAGE: the program lives outside the package, because it has to work when the package is half there.
if [ ! -e /var/lib/belay/PACKAGE/belay ]; then
  case ${1-} in
  before | settle) exit 0 ;; # apt's hooks: preinst does the work
  esac
  echo "belay: error: belay has not worked on this host yet: /var/lib/belay/PACKAGE/belay is missing" >&2
  exit 74
fi
>>>>>>> e18793d (maintscript: prepare, settle and the return, first form)
exec sh /var/lib/belay/PACKAGE/belay "$@"
