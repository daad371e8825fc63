#!/bin/bash
# fill.sh NAME blocks|inodes|free [PATH]: takes all room, or all inodes, of the file system of PATH (default /) in a running
# host, or gives back what was taken. A tmpfs has as many inodes as it is told to have.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -ge 2 ] || usage 'NAME blocks|inodes|free [PATH]'
find_host "$1"
place=disk
if [ -e "$state/separate" ]; then
  case ${3:-/}/ in "$(cat "$state/separate")"/*) place=own ;; esac
fi
place=$state/$place
case $2 in
  blocks)
    # What fallocate cannot have, dd takes down to the last block.
    # shellcheck disable=SC2016  # the inner shell expands it
    in_holder sh -c '
      free=$(($(stat -f -c "%a * %S" "$1")))
      fallocate -l "$free" "$1/ballast" 2> /dev/null || :
      dd if=/dev/zero of="$1/ballast.rest" bs=64k 2> /dev/null || :
      dd if=/dev/zero bs=4k 2> /dev/null >> "$1/ballast.rest" || :' - "$place"
    ;;
  inodes)
    used=$(in_holder stat -f -c '%c %d' "$place")
    if [ "$(in_holder stat -f -c %T "$place")" = tmpfs ]; then
      in_holder mount -o "remount,nr_inodes=$((${used% *} - ${used#* }))" "$place"
    else
      # shellcheck disable=SC2016  # as above
      in_holder sh -c 'mkdir -p "$1/ballast.inodes"; n=0; while : > "$1/ballast.inodes/$n"; do n=$((n + 1)); done 2> /dev/null' - "$place" || :
    fi
    ;;
  free)
    in_holder rm -rf "$place/ballast" "$place/ballast.rest" "$place/ballast.inodes"
    if [ "$(in_holder stat -f -c %T "$place")" = tmpfs ]; then in_holder mount -o remount,nr_inodes=1000000 "$place"; fi
    ;;
  *) usage 'NAME blocks|inodes|free [PATH]' ;;
esac
