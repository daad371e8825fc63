# The one configuration of apt for proof and act, so that the two cannot differ (design, section 6).

write_return_conf() {
  mkdir -p "$tx/archives/partial" &&
    cat >"$tx/return.conf" <<CONF &&
#clear DPkg::Pre-Invoke;
#clear DPkg::Post-Invoke;
#clear DPkg::Pre-Install-Pkgs;
#clear APT::Install::Pre-Invoke;
#clear APT::Install::Post-Invoke-Success;
#clear Dpkg::Options;
Dpkg::Options { "--force-confdef"; "--force-confold"; };
DPkg::ConfigurePending "0";
Dpkg::Use-Pty "0";
APT::Solver "internal";
APT::Sandbox::User "root";
APT::Get::allow-downgrades "true";
APT::Get::allow-change-held-packages "true";
APT::Install-Recommends "false";
APT::Install-Suggests "false";
APT::Get::AutomaticRemove "false";
Dir::Cache::Archives "$tx/archives/";
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
Dir::Etc::SourceList "/dev/null";
Dir::Etc::SourceParts "/dev/null";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
CONF
    sync "$tx/return.conf" || { reason="cannot write $tx/return.conf"; return 1; }
}

# return_apt OPTIONS...: apt, isolated from the caller's environment, configuration of hooks and terminal.
return_apt() {
  env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 HOME=/root DEBIAN_FRONTEND=noninteractive \
    BELAY_RETURN_OF="$belay_package" apt-get -c "$tx/return.conf" -y -q "$@" </dev/null 9>&-
}

# The arguments of the return: every .deb of the set, and "NAME-" for what this run newly installed and cannot stay. One a line.
return_arguments() {
  local file name
  for file in "$tx"/wayback/*.deb; do
    [ -e "$file" ] && printf '%s\n' "$file"
  done
  [ -n "$old_version" ] || printf '%s-\n' "$belay_package"
  [ -f "$tx/remove" ] || return 0
  while read -r name; do
    printf '%s-\n' "$name"
  done <"$tx/remove"
}
