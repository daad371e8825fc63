# The dead man's switch: a unit for the next boot and one for now. Armed before the first action that needs undoing,
# disarmed in settled states only. Both lie outside the package, which may be gone when they are needed.

boot_unit() { printf '/etc/systemd/system/%s-settle.service' "$belay_unit"; }
boot_link() { printf '/etc/systemd/system/multi-user.target.wants/%s-settle.service' "$belay_unit"; }

# What the release's own units start after (their database, say) has to be up for undo and restore as well; never our own units.
boot_after() {
  local n=1 unit enable on_upgrade other list=''
  while [ "$n" -le "$belay_services" ]; do
    "service_$n"
    for other in $(manager show -p After --value -- "$unit" 2>/dev/null); do # unknown unit: nothing to wait for
      case "$other$newline" in
      *.service"$newline") list="$list $other" ;;
      esac
    done
    n=$((n + 1))
  done
  n=1
  while [ "$n" -le "$belay_services" ]; do
    "service_$n"
    list=$(printf '%s' "$list " | sed "s/ $(printf '%s' "$unit" | sed 's/[.[\*^$/\\]/\\&/g') / /g")
    n=$((n + 1))
  done
  printf '%s' "$list"
}

arm() {
  local file link after
  [ -z "$tx_guest" ] || return 0
  file=$(boot_unit)
  link=$(boot_link)
  if [ ! -e "$file" ]; then
    after=$(boot_after)
    mkdir -p "${link%/*}" &&
      cat >"$file.new" <<UNIT &&
[Unit]
Description=belay: settle $belay_package
Documentation=man:belay-$belay_package(8)
# What is owed, or a journal of dpkg's that a full disk left: either is a reason to run.
ConditionPathExists=|$state/open
ConditionDirectoryNotEmpty=|/var/lib/dpkg/updates
# multi-user.target waits for what it wants, except for a unit without these default dependencies: no boot waits for us.
DefaultDependencies=no
Requires=sysinit.target
Conflicts=shutdown.target
Before=shutdown.target
After=sysinit.target basic.target local-fs.target systemd-remount-fs.service systemd-tmpfiles-setup.service dbus.socket$after
Before=apt-daily.service apt-daily-upgrade.service unattended-upgrades.service packagekit.service
StartLimitIntervalSec=0

[Service]
Type=oneshot
ExecStart=/bin/sh $state/belay settle boot
TimeoutStartSec=infinity
TimeoutStopSec=900
KillMode=process
Restart=on-failure
RestartSec=1

[Install]
WantedBy=multi-user.target
UNIT
      chmod 0644 "$file.new" && sync "$file.new" && mv "$file.new" "$file" &&
      ln -sfn "$file" "$link" && sync "${file%/*}" "${link%/*}" || {
      reason="cannot write $file"
      return 1
    }
  fi
  case $(manager show -p ActiveState --value -- "$belay_unit-deferred.service" 2>/dev/null) in # no such unit: to be started
  active | activating) return 0 ;;
  esac
  # settle exits 0 whatever it finds, so only a killed one is started again; five of them without progress strand.
  # A closed channel to the manager is not worth a refusal: the hook and the boot unit are there as well.
  systemd-run --quiet --no-block --collect --unit="$belay_unit-deferred" \
    -p Type=oneshot -p KillMode=process -p TimeoutStartSec=infinity -p TimeoutStopSec=900 \
    -p Restart=on-failure -p RestartSec=1 -p StartLimitIntervalSec=0 \
    -p Description="belay: settle $belay_package" \
    /bin/sh "$state/belay" settle unit >>"$tx/log" 2>&1 </dev/null 9>&- || note 'the deferred unit could not be started'
}

# unwatch: the timers of watch.sh end; a look that is under way does not.
unwatch() {
  local name
  for name in probation unproven; do
    [ ! -e "/run/systemd/transient/$belay_unit-$name.timer" ] || timeout 90 systemctl stop -- "$belay_unit-$name.timer" 9>&- || : # no manager, no timer
  done
}

disarm() {
  local file link
  unwatch
  file=$(boot_unit)
  link=$(boot_link)
  [ -e "$file" ] || [ -L "$link" ] || return 0
  # While dpkg works its journal is its own business; what is left after it keeps the unit until it is merged (leave_dpkg_clean).
  if [ -z "${in_settle-}" ] || dpkg_journal_is_clean; then
    # A hardened unit may see /etc read-only: without "open" the unit does nothing, and the next transaction removes it.
    rm -f "$link" "$file" 2>/dev/null || return 0
  fi
  allow_boot_start
}

# While a return is under way, a boot may not start on restored data what failed before: the boot unit puts the old version back
# and starts that. Read by the next boot only; settle itself reloads without it before it starts anything.
block_boot_start() {
  local n=1 unit enable on_upgrade directory
  [ -z "$tx_guest" ] || return 0
  while [ "$n" -le "$belay_services" ]; do
    "service_$n"
    # In the interim the units have a condition of their own, which no boot fulfils either.
    interim_serves || put_start_condition "$unit" "ConditionPathExists=!$state/open" || return 1
    n=$((n + 1))
  done
}

# put_start_condition UNIT LINE
put_start_condition() {
  local directory="/etc/systemd/system/$1.d" line=''
  [ ! -f "$directory/belay-return.conf" ] || line=$(tail -n 1 "$directory/belay-return.conf")
  [ "$line" != "$2" ] || return 0
  (umask 022 && mkdir -p "$directory" && printf '[Unit]\n%s\n' "$2" >"$directory/belay-return.new") &&
    sync "$directory/belay-return.new" && mv "$directory/belay-return.new" "$directory/belay-return.conf" &&
    sync "$directory" "${directory%/*}" || { reason="cannot write $directory"; return 1; }
}

allow_boot_start() {
  local n=1 unit enable on_upgrade directory
  while [ "$n" -le "$belay_services" ]; do
    "service_$n"
    directory="/etc/systemd/system/$unit.d"
    if [ -e "$directory/belay-return.conf" ] || [ -e "$directory/belay-return.new" ]; then
      # What cannot be removed is fulfilled for good.
      rm -f "$directory/belay-return.conf" "$directory/belay-return.new" || ln -sfn . "$state/may-start"
      rmdir --ignore-fail-on-non-empty "$directory" || : # somebody's own drop-ins are there
    fi
    n=$((n + 1))
  done
  [ ! -L "$state/may-start" ] || [ "$(readlink "$state/may-start")" = . ] || rm -f "$state/may-start"
}
