# What this site has told dpkg about the files of every package: leave some out (--path-exclude, --path-include), give some another
# owner or mode (dpkg-statoverride). What a check of stage "before" sees has it too.

# apply_site_rules: to $tx/before/root, as dpkg's filters.c and archives.c have it. Conffiles that are there keep their own
# owner and mode: place_conffiles comes after this.
apply_site_rules() {
  options_of_run | perl -e '
    use strict;
    my ($root) = @ARGV;
    my @filters;
    sub option { my ($name, $value) = @_; push @filters, [$name, $value, pattern($value)] if $name =~ /^path-(?:in|ex)clude$/ }
    # fnmatch(3) without flags: "*" matches slashes too.
    sub pattern { my ($glob) = @_;
      my $text = "";
      while ($glob =~ /\G(?:\\(.)|(\*)|(\?)|(\[[!^]?\]?[^\]]*\])|(.))/gs) {
        my ($escaped, $any, $one, $set, $plain) = ($1, $2, $3, $4, $5);
        if (defined $any) { $text .= ".*" } elsif (defined $one) { $text .= "." } elsif (defined $set) { $set =~ s/^\[!/[^/; $text .= $set }
        else { $text .= quotemeta($escaped // $plain) }
      }
      return qr/\A$text\z/s;
    }
    for my $path ((grep { m{/[A-Za-z0-9_-]+$} } sort glob "/etc/dpkg/dpkg.cfg.d/*"), "/etc/dpkg/dpkg.cfg", ($ENV{HOME} // "/root") . "/.dpkg.cfg") {
      open my $file, "<", $path or next;
      while (<$file>) {
        s/^\s+|\s+$//g;
        my ($name, $value) = /^([A-Za-z0-9-]+)[^A-Za-z0-9-]=?\s*(.*)$/s or next;
        $value =~ s/^(["\x27])(.*)\1$/$2/s;
        option($name, $value);
      }
    }
    my @options = <STDIN>;
    chomp @options;
    while (defined($_ = shift @options)) {
      if (/^--(path-[a-z]+)=(.*)/s) { option($1, $2) } elsif (/^--(path-(?:in|ex)clude)$/) { option($1, shift(@options) // "") }
    }
    # The last one that matches decides; a link stays where something behind it is wanted after all.
    sub is_left_out { my ($path, $is_link) = @_;
      my $out = 0;
      for (@filters) { $out = $_->[0] eq "path-exclude" if $path =~ $_->[2] }
      if ($out && $is_link) {
        for (@filters) {
          next if $_->[0] eq "path-exclude";
          (my $start = $_->[1]) =~ s/[*?\[\\].*//s;
          $start =~ s{/+$}{};
          return 0 if index($path, $start) == 0;
        }
      }
      return $out;
    }
    sub visit { my ($at) = @_;
      opendir my $directory, "$root$at" or die "cannot read $root$at: $!\n";
      for (grep { $_ ne "." && $_ ne ".." } readdir $directory) {
        my $path = "$at/$_";
        my $is_link = -l "$root$path";
        if (!$is_link && -d _) { visit($path) }
        elsif (is_left_out($path, $is_link)) { unlink "$root$path" or die "cannot remove $root$path: $!\n" }
      }
    }
    visit("") if @filters;
    if (open my $file, "<", "/var/lib/dpkg/statoverride") {
      while (<$file>) {
        chomp;
        my ($user, $group, $mode, $path) = split " ", $_, 4;
        next if !defined $path || -l "$root$path" || !-e _;
        my $uid = $user =~ /^#(\d+)$/ ? $1 : getpwnam $user;
        my $gid = $group =~ /^#(\d+)$/ ? $1 : getgrnam $group;
        defined $uid && defined $gid or die "dpkg-statoverride names nobody of this host: $user $group\n";
        chown $uid, $gid, "$root$path" and chmod oct $mode, "$root$path" or die "cannot change $root$path: $!\n";
      }
    }
  ' "$tx/before/root" 2>"$tx/before/why" || { reason=$(last_line "$tx/before/why"); return 1; }
}

# The command line of this run's dpkg: in a script of dpkg's it is the parent's own.
options_of_run() {
  if [ -n "${DPKG_MAINTSCRIPT_NAME-}" ]; then
    tr '\0' '\n' <"/proc/$PPID/cmdline"
  else
    printf '%s\n' "${BELAY_RUN_OPTIONS-}"
  fi
}
