# What is kept: the newest count, nothing younger than age, and never the last good one (rule 92).

retain() {
  local directory count=0 now age name list='' package
  now=$(date +%s)
  for directory in "$state"/transactions/*/; do
    list="${directory%/}$newline$list" # newest first: the sequence number leads the name
  done
  while IFS= read -r directory; do
    [ -d "$directory/snapshot" ] || continue
    [ "$directory" != "$state/$(readlink "$state/open" 2>/dev/null)" ] || continue # no link: nothing open
    count=$((count + 1))
    [ "$count" -gt 1 ] || continue
    age=$((now - $(stat -c %Y "$directory/journal" 2>/dev/null || echo "$now")))
    if [ "$count" -gt "$belay_keep_count" ] || [ "$age" -gt "$belay_keep_age_seconds" ]; then
      rm -rf "$directory/snapshot" "$directory/wayback"
    fi
  done <<LIST
$list
LIST
  read_policy || : # prepare refuses what is wrong; the stores known so far are tidied
  set --
  while IFS= read -r directory; do set -- "$@" "$directory"; done <<LIST
$(kept_directories)
LIST
  # Of each package: the members of a set are kept beside ours.
  for package in $(find "$@" -maxdepth 1 -name '*.deb' -printf '%f\n' 2>/dev/null | cut -d _ -f 1 | sort -u); do # none kept yet
    count=0
    find "$@" -maxdepth 1 -name "${package}_*.deb" -printf '%T@ %p\n' 2>/dev/null | sort -rn | cut -d ' ' -f 2- | while IFS= read -r name; do
      count=$((count + 1))
      if [ "$count" -gt 2 ] && [ "$count" -gt "$belay_keep_count" ]; then rm -f "$name" "$name.sha256"; fi
    done
  done
}
