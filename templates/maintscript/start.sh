# The fast path of the apt hook, before anything else is read: nothing owed, nothing to do (a few tenths of a millisecond).
# Runs in every apt transaction of every package, so it may not even start a process.
case "${0##*/} ${1-} ${2-}" in
"belay settle hook")
  [ -L "${0%/*}/open" ] || [ -e "${0%/*}/foreign" ] || exit 0
  ;;
esac
