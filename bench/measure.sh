# shellcheck shell=bash disable=SC2154 # $results is the directory that the caller made
# Sourced by the benchmarks: runs commands, keeps what they cost, prints medians and ratios.

# measure NAME COMMAND...: one run; "wall cpu peak" (s, s, KiB) is added to $results/NAME.
measure() {
  local name=$1
  shift
  /usr/bin/time -f '%e %U %S %M' -o "$results/time" "$@"
  awk '{ print $1, $2 + $3, $4 }' "$results/time" >>"$results/$name"
}

# median NAME COLUMN: of all runs of NAME.
median() {
  cut -d ' ' -f "$2" "$results/$1" | sort -g | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

# ratio NAME OTHER COLUMN: the median of the ratios of the runs that were made one after the other.
ratio() {
  paste -d ' ' <(cut -d ' ' -f "$3" "$results/$1") <(cut -d ' ' -f "$3" "$results/$2") |
    awk '$2 > 0 { print $1 / $2 }' | sort -g |
    awk '{ v[NR] = $1 } END { printf "%.2f\n", NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}
