# The fast paths of the two apt hooks, before anything else is read: they run in every apt transaction of every package.
case "${0##*/} ${1-} ${2-}" in
"belay settle hook")
  [ -L "${0%/*}/open" ] || [ -e "${0%/*}/told" ] || [ -e "${0%/*}/foreign" ] || exit 0
  # apt dies of SIGHUP while a hook runs and frees its lock (T): an own session lives on.
  exec setsid -w sh "$0" settle hook-session
  ;;
"belay before "*)
  # The protocol's head is apt's whole configuration, ended by an empty line; then the run's packages, one a line. Of the head what
  # dpkg will be told counts (stage before).
  run_text=$(LC_ALL=C sed -n '1 s/.*/-/p; s/^[Dd][Pp][Kk][Gg]::[Oo][Pp][Tt][Ii][Oo][Nn][Ss]::=//p; /^$/,$ p')
  run_options=${run_text%%"

"*}
  run_list=${run_text#*"

"}
  belay_directory=${0%/*}
  case "
$run_list" in
  *"
${belay_directory##*/} "*) ;;
  *) exit 0 ;;
  esac
  ;;
esac
