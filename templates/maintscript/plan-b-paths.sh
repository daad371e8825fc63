# The Plan B's part about copied paths and conffiles.

# plan_b_kind N: dir, file or absent, as it was at the first copy
plan_b_kind() {
  manifest kind "$tx/snapshot/paths/$1" || printf 'dir\n'
}

# is_etc: of path, whether it is put back after the package
is_etc() {
  case $path in
  /etc | /etc/*) return 0 ;;
  esac
  return 1
}

# plan_b_paths outside-etc
plan_b_paths() {
  local n=1 path restore_when copy max_size exclude first=yes
  while [ "$n" -le "$belay_paths" ]; do
    "path_$n"
    if ! is_etc; then
      [ -z "$first" ] || part 'data: the paths'
      first=''
      plan_b_path "$n"
    fi
    n=$((n + 1))
  done
}

# plan_b_path N
plan_b_path() {
  local place="snapshot/paths/$1" real beside old
  if [ "$copy" != copy ]; then
    remark "$(shown "$path") was not copied (copy: none): it stays as it is"
    return 0
  fi
  if [ "$restore_when" = never ]; then
    remark "$(shown "$path"), copied to $place: not put back; a person decides"
    return 0
  fi
  remark "$(shown "$path"), $(restoring "$restore_when"); what is there now is set aside, not deleted"
  real=$(manifest real "$tx/$place") || real=$path
  plan_b_condition "$restore_when" "path-$1"
  case $(plan_b_kind "$1") in
  absent) plan_b_take_away "$1" ;;
  file) plan_b_put_file "$1" ;;
  *) if mountpoint -q "$real"; then plan_b_put_children; else plan_b_put_directory; fi ;;
  esac
  [ -z "$exclude" ] || remark "not in the copy, and in $(shown "$real").plan-b-aside now: $(shown "$(printf '%s' "$exclude" | tr '\n' ' ')")"
}

plan_b_unpack="tar -xp --numeric-owner --delay-directory-restore --acls --xattrs '--xattrs-include=*'"

# plan_b_unpacked DIRECTORY: the lines that fill it
plan_b_unpacked() {
  cat <<TEXT
      $plan_b_unpack -C $1 -f $place/first.tar &&
      { [ ! -e $place/final.tar ] || (cd $1 && xargs -0 -r rm -df --) <$place/gone; } &&
      { [ ! -e $place/final.tar ] || $plan_b_unpack -C $1 -f $place/final.tar; } &&
TEXT
}

plan_b_put_directory() {
  beside=$(quoted "$real.plan-b") old=$(quoted "$real.plan-b-aside") real=$(quoted "$real")
  printf '      mkdir -m 0700 %s &&\n' "$beside"
  plan_b_unpacked "$beside"
  cat <<TEXT
      { [ ! -e $real ] || mv -T $real $old; } &&
      mv -T $beside $real
    fi
TEXT
}

# A mount point cannot be renamed: what is in it can.
plan_b_put_children() {
  beside=$(quoted "$real/.belay-plan-b") old=$(quoted "$real/.belay-plan-b-aside") real=$(quoted "$real")
  printf '      mkdir -m 0700 %s %s &&\n' "$beside" "$old"
  plan_b_unpacked "$beside"
  cat <<TEXT
      find $real -mindepth 1 -maxdepth 1 ! -name '.belay-*' -exec mv -t $old -- {} + &&
      find $beside -mindepth 1 -maxdepth 1 -exec mv -t $real -- {} + &&
      rmdir $beside
    fi
TEXT
}

# A file that is set aside goes into our directory: a sibling in cron.d or sites-enabled would be live.
plan_b_put_file() {
  local name
  beside=$(quoted "${real%/*}/.belay-plan-b") name=$(quoted "${real##*/}") old="aside/$1" real=$(quoted "$real")
  printf '      mkdir -m 0700 %s && mkdir -p %s &&\n' "$beside" "$old"
  plan_b_unpacked "$beside"
  cat <<TEXT
      { [ ! -e $real ] || cp -a $real $old/; } &&
      mv -T $beside/$name $real &&
      rmdir $beside
    fi
TEXT
}

plan_b_take_away() {
  cat <<TEXT
      { [ ! -e $(quoted "$real") ] || { mkdir -p aside/$1 && mv $(quoted "$real") aside/$1/; }; }
    fi
TEXT
}

# shellcheck disable=SC2016 # for the person's shell
plan_b_configuration() {
  local n=1 path restore_when copy max_size exclude
  part 'configuration'
  remark "The old version's conffiles as they were; what is there instead is set aside."
  cat <<'TEXT'
    if [ -d conffiles ]; then
      (cd conffiles && find . -type f -print0) | while IFS= read -r -d '' file; do
        cmp -s "conffiles/$file" "/$file" && continue
        if [ -e "/$file" ]; then mkdir -p "aside/${file%/*}" && cp -a "/$file" "aside/$file" || exit; fi
        cp -a "conffiles/$file" "/$file" || exit
      done
    fi
TEXT
  while [ "$n" -le "$belay_paths" ]; do
    "path_$n"
    ! is_etc || plan_b_path "$n"
    n=$((n + 1))
  done
  remark "Conffiles that only $belay_version has are set aside, so that nothing reads them."
  cat <<TEXT
    dpkg-query -W -f '\${Conffiles}\\n' $(quoted "$belay_package") | while read -r file _ flag; do
      [ "\$flag" = obsolete ] && [ -e "\$file" ] && [ "\$file" != $(quoted "/etc/apt/apt.conf.d/$belay_hook") ] || continue
      grep -qxF "\$file" conffiles-before && continue
      mkdir -p "aside\${file%/*}" && mv "\$file" "aside\$file" || exit
    done
TEXT
}
