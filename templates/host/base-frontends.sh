#!/bin/bash
# base-frontends.sh: prints the directory of an unpacked Debian like base.sh's, with the programs that call apt for somebody and the ones
# that hook into it. A script of its own: the key of a base is the text of base.sh, and the other bases must not be built anew for these.
set -euo pipefail
packages=aptitude,unattended-upgrades,python3-apt,python3-gi,packagekit,packagekit-tools,polkitd,ansible-core
packages=$packages,needrestart,etckeeper,git,apt-listchanges,apt-utils,openssh-server,openssh-client,libpam-systemd
exec "$(dirname "$0")/base.sh" rehearsal --include "$packages"
