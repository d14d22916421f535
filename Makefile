# Two commands matter: `make serve` and `make test`. `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# Versions of what this file installs. Rust's stands in rust-toolchain.toml, the Node packages' in tests/browser/package-lock.json,
# the workshop's in assets/workshop/*requirements.txt.
WASM_BINDGEN_VERSION := 0.2.130
CARGO_DENY_VERSION   := 0.20.2

# All that is downloaded or compiled lies outside the checkout, so that a fresh clone starts warm.
CACHE ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/retrace
export CARGO_TARGET_DIR ?= $(CACHE)/target
TOOLS := $(CACHE)/tools
WASM_BINDGEN := $(TOOLS)/bin/wasm-bindgen
CARGO_DENY := $(TOOLS)/bin/cargo-deny
WASM := wasm32-unknown-unknown
BROWSER := tests/browser
NODE_PACKAGES = $(CACHE)/node/$(shell sha256sum $(BROWSER)/package-lock.json | cut -c1-16)
# What the bench compares with is large, and no test needs it: a lock file of its own.
PEERS := $(BROWSER)/peers
PEER_PACKAGES = $(CACHE)/node/$(shell sha256sum $(PEERS)/package-lock.json | cut -c1-16)

LISTEN ?= 127.0.0.1:8470
DATABASE ?= sqlite:data/retrace.db
SERVE_FLAGS ?= --demo

# The service that visitors are served by is optimised. Its tests are content with the one that they compile anyway: two hundred
# crates less on a new machine.
PROFILE := serve
BUILT = $(CARGO_TARGET_DIR)/$(patsubst dev,debug,$(PROFILE))

# Tools compile with a cheap profile: they run for seconds, and their own release profiles take a quarter of an hour.
CHEAP := CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_TARGET_DIR=$(CACHE)/target-tools
STEP = @printf '\033[1m%s\033[0m\n' 

.PHONY: help
help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

# ---- what must be there ------------------------------------------------------------------------------------------
.PHONY: need-rust need-node need-postgres need-strace
need-rust:
	@command -v rustup >/dev/null || { echo "rustup is missing: install it (Debian: apt-get install rustup; elsewhere: https://rustup.rs) and run this again."; exit 1; }
	@command -v cc >/dev/null || { echo "A C compiler is missing: apt-get install gcc libc6-dev"; exit 1; }
	@cargo --version >/dev/null 2>&1 || rustup toolchain install || { echo "The toolchain that rust-toolchain.toml names could not be installed: rustup toolchain install says why."; exit 1; }

need-node:
	@command -v node >/dev/null && command -v npm >/dev/null || { echo "Node is missing: apt-get install nodejs npm"; exit 1; }

need-postgres:
	@command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && apt-get install -qq -y --no-install-recommends postgresql >/dev/null; } || { echo "PostgreSQL is missing, which the tests start by themselves: apt-get install postgresql"; exit 1; }

need-strace:
	@command -v strace >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && apt-get install -qq -y --no-install-recommends strace >/dev/null; } || { echo "strace is missing: apt-get install strace"; exit 1; }

$(WASM_BINDGEN)-$(WASM_BINDGEN_VERSION): | need-rust
	$(STEP)'wasm-bindgen $(WASM_BINDGEN_VERSION): installing once, about 3 minutes'
	@$(CHEAP) cargo install -q wasm-bindgen-cli --version $(WASM_BINDGEN_VERSION) --root $(TOOLS)
	@touch $@

$(CARGO_DENY)-$(CARGO_DENY_VERSION): | need-rust
	$(STEP)'cargo-deny $(CARGO_DENY_VERSION): installing once, about 6 minutes'
	@$(CHEAP) cargo install -q cargo-deny --version $(CARGO_DENY_VERSION) --locked --root $(TOOLS)
	@touch $@

# ---- build -------------------------------------------------------------------------------------------------------
.PHONY: build bundles lobby kiosk companion service
build: bundles service
	$(STEP)'pages: building from assets/'
	@$(BUILT)/curator build --assets assets --bundles target/bundles --out target

bundles: lobby kiosk companion

lobby: $(WASM_BINDGEN)-$(WASM_BINDGEN_VERSION)
	$(STEP)'lobby: compiling for the browser'
	@cargo build -q -p lobby --target $(WASM) --profile web
	@.ci/bundle lobby $(CARGO_TARGET_DIR)/$(WASM)/web/lobby.wasm $(WASM_BINDGEN) target/bundles/lobby

# A hall's shared device runs the lobby with its kiosk; visitors' own devices never fetch it.
kiosk: $(WASM_BINDGEN)-$(WASM_BINDGEN_VERSION)
	$(STEP)'kiosk: compiling for the browser'
	@CARGO_TARGET_DIR=$(CARGO_TARGET_DIR)/kiosk cargo build -q -p lobby --features kiosk --target $(WASM) --profile web
	@.ci/bundle kiosk $(CARGO_TARGET_DIR)/kiosk/$(WASM)/web/lobby.wasm $(WASM_BINDGEN) target/bundles/kiosk

companion: $(WASM_BINDGEN)-$(WASM_BINDGEN_VERSION)
	$(STEP)'companion: compiling the scene for the browser (the first time takes about 12 minutes on two cores)'
	@cargo build -p companion --bin companion --target $(WASM) --profile web 2>&1 | .ci/progress
	@.ci/bundle companion $(CARGO_TARGET_DIR)/$(WASM)/web/companion.wasm $(WASM_BINDGEN) target/bundles/companion

service: | need-rust
	$(STEP)'service and curator: compiling'
	@cargo build -p checkpoint -p curator --profile $(PROFILE) 2>&1 | .ci/progress

# ---- run ---------------------------------------------------------------------------------------------------------
.PHONY: serve
serve: build ## build all that is needed, start the service with demo people and print its address
	@mkdir -p data
	@exec $(CARGO_TARGET_DIR)/serve/checkpoint serve --web target/web --content target/private --database $(DATABASE) --listen $(LISTEN) $(SERVE_FLAGS)

# ---- prove -------------------------------------------------------------------------------------------------------
.PHONY: test test-rust test-companion test-browser browser check bench
test: test-rust test-companion test-browser ## every test: domain, service, scene and real browser

test-rust: | need-rust need-postgres need-strace
	$(STEP)'tests of domain, service, curator and house'
	@cargo test -q

test-companion: | need-rust
	$(STEP)'headless tests of the scene and of the lobby (the first time compiles Bevy, about 5 minutes)'
	@cargo test -q -p companion -p lobby
	@cargo test -q -p lobby --features kiosk

browser: need-node
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && apt-get install -qq -y --no-install-recommends chromium fonts-noto-cjk >/dev/null; } || { echo "Chromium is missing: apt-get install chromium fonts-noto-cjk"; exit 1; }
	@fc-list :lang=zh 2>/dev/null | grep -q . || { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -qq -y --no-install-recommends fontconfig fonts-noto-cjk >/dev/null; } || { echo "A Chinese font is missing: apt-get install fonts-noto-cjk"; exit 1; }
	@[ -f $(NODE_PACKAGES)/whole ] || { mkdir -p $(NODE_PACKAGES) && cp $(BROWSER)/package.json $(BROWSER)/package-lock.json $(NODE_PACKAGES)/ && npm ci --silent --no-audit --no-fund --prefix $(NODE_PACKAGES) && touch $(NODE_PACKAGES)/whole; }
	@[ "$$(readlink $(BROWSER)/node_modules)" = $(NODE_PACKAGES)/node_modules ] || { rm -rf $(BROWSER)/node_modules && ln -s $(NODE_PACKAGES)/node_modules $(BROWSER)/node_modules; }

test-browser: PROFILE := dev
test-browser: build browser
	$(STEP)'tests in a real browser'
	@CHECKPOINT=$(BUILT)/checkpoint node --test --test-concurrency=1 --test-reporter=spec $(BROWSER)/*.test.mjs

# F2 and F4 trace the service, F3 mounts a small disk, F8 asks schemathesis for requests that nobody would think of. F11 is
# service::matrix, F14 service::tampered.
SCHEMATHESIS_VERSION := 4.32.5
SCHEMATHESIS := $(CACHE)/schemathesis-$(SCHEMATHESIS_VERSION)
.PHONY: faults
faults: service $(SCHEMATHESIS)/whole | need-postgres need-strace ## fault tests at length, about an hour: kills, failing and full disks, lost power, bad clocks and networks, hostile requests, failing servers, moves, tampering
	$(STEP)'fault tests'
	@RETRACE_FAULTS=much SCHEMATHESIS=$(SCHEMATHESIS)/bin/schemathesis CHECKPOINT=$(CARGO_TARGET_DIR)/serve/checkpoint cargo test -q -p tests --test house -- --nocapture --test-threads=1 f1_ f2_ f3_ f4_ f5_ f6_ f7_ f8_ f9_ f10_ service::matrix f12_ f13_ service::tampered

$(SCHEMATHESIS)/whole:
	$(STEP)'schemathesis $(SCHEMATHESIS_VERSION): installing once'
	@python3 -m venv $(SCHEMATHESIS) && $(SCHEMATHESIS)/bin/pip install -q schemathesis==$(SCHEMATHESIS_VERSION) && touch $@

check: $(CARGO_DENY)-$(CARGO_DENY_VERSION) browser ## formats, lints for native and wasm, licences, content
	$(STEP)'format'
	@cargo fmt --all --check
	$(STEP)'lints, native'
	@cargo clippy -q --all-targets -- -D warnings
	@cargo clippy -q -p lobby --all-targets -- -D warnings
	@cargo clippy -q -p lobby --features kiosk --all-targets -- -D warnings
	$(STEP)'lints, wasm'
	@cargo clippy -q -p lobby -p companion --target $(WASM) -- -D warnings
	@cargo clippy -q -p lobby --features kiosk --target $(WASM) -- -D warnings
	$(STEP)'licences, refused crates and sources'
	@$(CARGO_DENY) --log-level error check bans licenses sources
	$(STEP)'content'
	@cargo run -q -p curator -- check --assets assets
	@node $(BROWSER)/models.mjs assets/sites/*/models/*.glb

# With ROWS, only those rows of the comparison: make bench ROWS=G4,G7 RUNS=2
bench: build browser peers ## our bytes, times, milliseconds and memory, then the same scene in three.js, PlayCanvas and model-viewer
	@$(if $(ROWS),,CHECKPOINT=$(CARGO_TARGET_DIR)/serve/checkpoint node $(BROWSER)/bench.mjs)
	@CHECKPOINT=$(CARGO_TARGET_DIR)/serve/checkpoint ROWS='$(ROWS)' RUNS='$(RUNS)' node $(PEERS)/bench.mjs

.PHONY: peers
peers: need-node
	@[ -f $(PEER_PACKAGES)/whole ] || { mkdir -p $(PEER_PACKAGES) && cp $(PEERS)/package.json $(PEERS)/package-lock.json $(PEER_PACKAGES)/ && npm ci --silent --no-audit --no-fund --prefix $(PEER_PACKAGES) && touch $(PEER_PACKAGES)/whole; }
	@[ "$$(readlink $(PEERS)/node_modules)" = $(PEER_PACKAGES)/node_modules ] || { rm -rf $(PEERS)/node_modules && ln -s $(PEER_PACKAGES)/node_modules $(PEERS)/node_modules; }

# Figures are of this machine and this minute, so each stands beside its floor. T7 lays down 10 million events (about 12 GB
# in BENCH_FOLDER, half an hour); BENCH_EVENTS=1000000 asks for fewer.
.PHONY: bench-service
bench-service: service ## one table: the service's rates beside what disk, SQLite and axum do without it
	@date -u +%F; nproc; grep -m1 'model name' /proc/cpuinfo || true
	@CHECKPOINT=$(CARGO_TARGET_DIR)/serve/checkpoint cargo bench -q -p tests --bench service --profile serve

.PHONY: views
views: build browser ## take the README's pictures again, from the running product into docs/
	@CHECKPOINT=$(CARGO_TARGET_DIR)/serve/checkpoint node $(BROWSER)/views.mjs
	@CHECKPOINT=$(CARGO_TARGET_DIR)/serve/checkpoint node $(BROWSER)/headset-views.mjs

# BEFORE is the target/web of another checkout, or a copy of one; TIER one of floor, middle (the default) and high.
.PHONY: compare
compare: build browser ## ten fixed views beside those of another build (BEFORE=its target/web), with what differs
	@CHECKPOINT=$(CARGO_TARGET_DIR)/serve/checkpoint TIER='$(TIER)' node $(BROWSER)/compare.mjs '$(BEFORE)' target/web

.PHONY: workshop
workshop: ## make models, textures, narration and ambience again (needs Python 3.11)
	@command -v python3.11 >/dev/null || python3 -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { echo "Python 3.11 is missing: apt-get install python3.11 python3.11-venv"; exit 1; }
	@assets/workshop/run $(CACHE)/workshop
