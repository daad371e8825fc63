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
  # Of each package: the members of a set are kept beside ours.
  for package in $(find "$state/kept" -name '*.deb' -printf '%f\n' 2>/dev/null | cut -d _ -f 1 | sort -u); do # none kept yet
    count=0
    find "$state/kept" -name "${package}_*.deb" -printf '%T@ %f\n' | sort -rn | cut -d ' ' -f 2 | while read -r name; do
      count=$((count + 1))
      if [ "$count" -gt 2 ] && [ "$count" -gt "$belay_keep_count" ]; then rm -f "$state/kept/$name" "$state/kept/$name.sha256"; fi
    done
  done
}
