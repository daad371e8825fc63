# The site's rules: /etc/belay/policy.d/*.conf, one "key=value" a line, in the order of the names; the last one of a key counts.

policy_directory=/etc/belay/policy.d
policy_gates='space window backup checks before approvals freeze'

# read_policy: sets policy_KEY. 1: something is wrong: policy_wrong says where, what, and what to do; prepare refuses with it. What can be
# read and trusted holds all the same: a slip of the pen in one line must not switch another one off.
read_policy() {
  local file key value number
  policy_mode=enforce policy_way_back=required policy_store='' policy_overrides='' policy_inconclusive=unproven
  policy_leader=no policy_approvals=0 policy_freeze='' policy_wrong=''
  for file in "$policy_directory"/*.conf; do
    if [ ! -e "$file" ] && [ ! -L "$file" ]; then continue; fi
    policy_is_trusted "$file" || continue
    number=0
    while IFS= read -r value || [ -n "$value" ]; do
      number=$((number + 1))
      case $value in
      '' | '#'*) continue ;;
      *=*) ;;
      *) policy_is_wrong "$file:$number" "this is not key=value: '$(one_line "$value")'" 'write key=value, or # before a remark'; continue ;;
      esac
      key=${value%%=*}
      policy_value "$file:$number" "$key" "${value#*=}"
    done <"$file"
  done
  [ -z "$policy_wrong" ]
}

# policy_is_wrong WHERE WHAT REMEDY
policy_is_wrong() {
  policy_wrong="${policy_wrong:+$policy_wrong; }$1: $2 ($3)"
}

# policy_is_trusted FILE: root's own, as the directories above it; a file that others write could be anybody's rules.
policy_is_trusted() {
  local place owner
  for place in "${policy_directory%/*}" "$policy_directory" "$1"; do
    owner=$(stat -L -c '%u %A' "$place" 2>/dev/null) || owner=''
    case $owner in
    '0 d'????-??-? | '0 -'????-??-?) ;;
    *)
      policy_is_wrong "$1:1" "$place is not root's own, or is writable by others" "chown root:root $place; chmod go-w $place"
      return 1
      ;;
    esac
  done
  [ -f "$1" ] || { policy_is_wrong "$1:1" 'this is not a file' 'remove it'; return 1; }
}

# policy_value WHERE KEY VALUE
policy_value() {
  local gate
  case $3 in
  *[[:cntrl:]]*) policy_is_wrong "$1" "a control character in the value of '$2'" 'write the line again'; return ;;
  esac
  case $2=$3 in
  mode=enforce | mode=observe) policy_mode=$3 ;;
  way_back=required | way_back=optional) policy_way_back=$3 ;;
  inconclusive=unproven | inconclusive=return) policy_inconclusive=$3 ;;
  leader=yes | leader=no) policy_leader=$3 ;;
  mode=*) policy_is_wrong "$1" "mode cannot be '$3'" 'enforce or observe' ;;
  way_back=*) policy_is_wrong "$1" "way_back cannot be '$3'" 'required or optional' ;;
  inconclusive=*) policy_is_wrong "$1" "inconclusive cannot be '$3'" 'unproven or return' ;;
  leader=*) policy_is_wrong "$1" "leader cannot be '$3'" 'yes or no' ;;
  freeze=?*) policy_freeze=$3 ;;
  freeze=) policy_is_wrong "$1" 'freeze has no reason' 'write why nothing may be updated, or remove the line' ;;
  approvals=[0-9] | approvals=[1-9][0-9]) policy_approvals=$3 ;;
  approvals=*) policy_is_wrong "$1" "approvals cannot be '$3'" 'a number from 0 to 99' ;;
  store=/) policy_is_wrong "$1" "the store cannot be '/'" 'name a directory of its own' ;;
  store=/*)
    case $(stat -L -c '%u %A' "$3" 2>/dev/null) in
    '0 d'????-??-?) policy_store=${3%/} ;;
    *) policy_is_wrong "$1" "the store '$3' is not there, not root's own, or writable by others" "mount it, or: install -d -m 0700 -o root '$3'" ;;
    esac
    ;;
  store=*) policy_is_wrong "$1" "the store '$3' is not an absolute path" 'begin it with /' ;;
  overrides=*)
    for gate in $(printf '%s' "$3" | tr ',' ' '); do
      case " $policy_gates " in
      *" $gate "*) ;;
      *) policy_is_wrong "$1" "overrides names no gate '$gate'" "one of: $policy_gates"; return ;;
      esac
    done
    policy_overrides=$3
    ;;
  *) policy_is_wrong "$1" "unknown key '$2'" 'one of: mode way_back store overrides inconclusive leader approvals freeze' ;;
  esac
}

# What differs from the rule without a site's rules, as it is written there; empty: nothing.
policy_text() {
  local text=''
  [ "$policy_mode" = enforce ] || text=" mode=$policy_mode"
  [ "$policy_way_back" = required ] || text="$text way_back=$policy_way_back"
  [ -z "$policy_store" ] || text="$text store=$policy_store"
  [ -z "$policy_overrides" ] || text="$text overrides=$policy_overrides"
  [ "$policy_inconclusive" = unproven ] || text="$text inconclusive=$policy_inconclusive"
  [ "$policy_leader" = no ] || text="$text leader=$policy_leader"
  [ "$policy_approvals" = 0 ] || text="$text approvals=$policy_approvals"
  [ -z "$policy_freeze" ] || text="$text freeze=$policy_freeze"
  printf '%s' "${text# }"
}
