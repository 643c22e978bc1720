# The verbs to remember; each is a line or two over a script in tools/. `make help` lists them.
export PATH := $(CURDIR)/build/node/bin:$(PATH)
export SLIPSTREAM_DATA ?= $(CURDIR)/../shared/data
ROUNDS ?= 25
.NOTPARALLEL:
.PHONY: help demo build test test-all bench crash lint format tidy clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

demo: build ## show a simulated race in log, warehouse and page (SOURCE=path of a session instead, PORT=8080)
	@exec build/release/slipstream demo $(if $(SOURCE),--source "$(SOURCE)")

build: ## build/release/slipstream
	@tools/setup.sh build && tools/build.py release slipstream

test: ## unit, property and golden tests, fuzz corpora, tidy, the page's tests, one browser smoke test
	@tools/setup.sh test && tools/run_tests.py unit web tidy smoke

test-all: ## all of test, then simulated sessions, sanitizers, fuzzers, browser, live clients, kill -9, faults of the feed
	@tools/setup.sh all && tools/run_tests.py unit web tidy browser clients simulated asan tsan fuzz crash live_faults

bench: ## the figures of README.md, as ratios in one run; writes build/bench.json (BENCH=--publish: and README)
	@tools/setup.sh build && bench/run.py $(BENCH)

crash: build ## kill -9 a replay and `live` ROUNDS times and compare the tables with an undisturbed run
	@tools/crash.py --rounds $(ROUNDS) && tools/live_kills.py --kills $(ROUNDS)

lint: ## clang-format, Biome, shellcheck, and clang-tidy on what changed (LINT_BASE=commit)
	@tools/setup.sh all && tools/lint.py

tidy: ## clang-tidy on everything (tools/tidy.py, the project's own rules, is part of test)
	@tools/setup.sh all && tools/lint.py --everything

format: ## rewrite C++ and web sources in the project's style
	@tools/setup.sh all && tools/lint.py --fix

clean: ## remove what was built
	rm -rf build web/dist
