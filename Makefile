# What a person types. Everything that these targets need on a Debian machine with a Swift toolchain, `deps` installs.

# g++ .. zlib1g-dev: to build. The rest: what the tests and the demo start (why: ARCHITECTURE.md).
PACKAGES := g++ make git pkg-config libapt-pkg-dev libarchive-dev zlib1g-dev \
  mmdebstrap debian-archive-keyring dpkg-dev util-linux iproute2 e2fsprogs xfsprogs perl \
  shellcheck dash busybox lintian mandoc piuparts gpg gpgv time zstd

PREFIX ?= /usr/local
# Only for what needs root; nothing when we are root already.
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
# Of which Debian release the throw-away hosts are; empty: of this machine's.
BELAY_SUITE ?=
export BELAY_SUITE
# Tests that keep the machine busy with hosts of their own.
REHEARSALS := RealHostTests|RehearsalTests\.BaseTests|PlantedTests|ForeignPairTests|CleanUpTests
SWIFT_SOURCES := Sources Tests templates Package.swift

.DEFAULT_GOAL := help
.PHONY: help deps build bases test soak soak-vm demo lint format bench install clean

help: ## this list
	@echo 'make TARGET, TARGET one of:'
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1\t\2/p' Makefile | expand -t 12

deps: ## install the Debian packages that are missing (asks nothing; uses sudo unless you are root)
	@missing=; for package in $(PACKAGES); do \
	  dpkg-query -W -f '$${db:Status-Status}\n' "$$package" 2> /dev/null | grep -qx installed || missing="$$missing $$package"; \
	done; \
	[ -n "$$missing" ] || exit 0; \
	echo "belay: installing with apt-get:$$missing"; \
	[ -z '$(SUDO)' ] || echo 'belay: that needs root: sudo may ask for your password'; \
	$(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=600 update && \
	$(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends -o DPkg::Lock::Timeout=600 install $$missing

build: deps ## .build/release/belay
	swift build -c release --static-swift-stdlib --product belay

bases: deps
	@[ -z '$(SUDO)' ] || echo 'belay: the throw-away hosts need root: sudo may ask for your password'
	@$(SUDO) templates/host/sweep.sh
	@$(SUDO) Tests/Machine/sweep.sh
	@$(SUDO) templates/host/base.sh minimal > /dev/null
	@$(SUDO) templates/host/base.sh postgresql > /dev/null
	@$(SUDO) templates/host/base-frontends.sh > /dev/null

test: bases ## all tests, those on throw-away hosts too (root, or sudo)
	swift build --build-tests
	# Apart: the hosts keep both cores busy, and the other tests look at the clock.
	$(SUDO) env "PATH=$$PATH" swift test --skip-build --skip '^HostTests\.|$(REHEARSALS)|GuestbookRehearsalTests'
	$(SUDO) env "PATH=$$PATH" swift test --skip-build --filter '^HostTests\.'
	$(SUDO) env "PATH=$$PATH" swift test --skip-build --filter '$(REHEARSALS)'
	$(SUDO) env "PATH=$$PATH" swift test --skip-build --filter 'GuestbookRehearsalTests'

CUTS ?= 500
soak: bases ## CUTS=500 random power cuts, SEED= to repeat them; a power cut is a host of its own
	swift build --build-tests
	$(SUDO) env "PATH=$$PATH" BELAY_SOAK_CUTS=$(CUTS) $(if $(SEED),BELAY_SOAK_SEED=$(SEED)) swift test --skip-build --filter 'SoakTests'

# Only for soak-vm: the kernel itself is unpacked into .cache, not installed.
VM_PACKAGES := qemu-system-x86 qemu-utils
VM_CUTS ?= 5
soak-vm: bases ## VM_CUTS=5 of these power cuts in qemu with Debian's kernel, SEED= to repeat them
	@$(MAKE) --no-print-directory deps PACKAGES='$(VM_PACKAGES)'
	@$(SUDO) Tests/Machine/kernel.sh > /dev/null
	swift build --build-tests
	$(SUDO) env "PATH=$$PATH" BELAY_SOAK_VM=1 BELAY_SOAK_CUTS=$(VM_CUTS) $(if $(SEED),BELAY_SOAK_SEED=$(SEED)) stdbuf -oL swift test --skip-build --filter 'SoakTests'

demo: build bases ## guestbook: installed, badly updated, back by itself, well updated; on a throw-away host
	$(SUDO) env "PATH=$$PATH" examples/guestbook/demo

lint: deps ## style of Swift and shell
	swift format lint --strict --recursive $(SWIFT_SOURCES)
	shellcheck --external-sources --source-path=SCRIPTDIR templates/host/*.sh templates/rehearsal/*.sh Tests/Machine/*.sh $$(grep -lr --exclude=*.yaml --exclude=*.service --exclude=*.md -e "^#!/bin/.*sh" -e "shell=bash" bench examples)

format: ## put the Swift sources into the house's form
	swift format --in-place --recursive $(SWIFT_SOURCES)

bench: build bases ## ratios of paired runs: building, coming back, the hooks' cost
	$(SUDO) env "PATH=$$PATH" bench/run

install: build ## PREFIX=/usr/local, DESTDIR=
	install -D -m 755 .build/release/belay '$(DESTDIR)$(PREFIX)/bin/belay'

clean: ## remove what was built, the hosts and their bases
	$(SUDO) templates/host/sweep.sh
	$(SUDO) Tests/Machine/sweep.sh
	swift package clean
	$(SUDO) rm -rf .cache
