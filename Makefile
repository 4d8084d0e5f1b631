# SPDX-License-Identifier: Apache-2.0
# The front door: every target installs the packages it lacks, builds what it needs, and does its job.
# The build itself is CMakeLists.txt and CMakePresets.json; `make help` lists what there is.

SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c

PREFIX ?= /usr/local
# Seconds of new fuzzing in `make test`, shared by all fuzzers; at most 240.
FUZZ_SECONDS ?= 45
# What `make test` runs, in this order. `unit` is not among them: `sanitized` runs the same tests and more.
STAGES ?= lab sanitized fuzz
# ON: the release build compiles several sources at once, quicker from nothing, slower after a change.
UNITY ?=
# Compilations at once; unset, Ninja decides. Set it where memory is short.
JOBS ?=
# Runs of each program in `make bench`.
RUNS ?= 15
# Rows of `make bench`, such as 1,3; all without it.
ROWS ?=
TARGET ?=
ARGS ?=
export TARGET DESTDIR

# The system's Python, not another one in PATH: the packages that the tests need belong to it.
PYTHON := $(if $(wildcard /usr/bin/python3),/usr/bin/python3,python3)
# Compilations are kept where ccache is there; the options let it keep precompiled headers too.
LAUNCHER = $(if $(shell command -v ccache),-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
LINKER = $(if $(shell command -v mold),-DCMAKE_EXE_LINKER_FLAGS=-fuse-ld=mold)
export CCACHE_SLOPPINESS := pch_defines,time_macros

install_packages = tools/install_packages.sh $(foreach list,$(1),tools/packages/$(list).txt)
# Says nothing where nothing is to do.
build = cmake --build build/$(1) $(if $(JOBS),--parallel $(JOBS)) $(if $(2),--target $(2)) | \
    sed -u '/^ninja: no work to do/d; /Re-checking globbed directories/d'
sources = $$(find src tests fuzz bench -name '*.cpp' -o -name '*.hpp' | sort)
lab_scripts = run cross_check own_servers client_check client_record_check walk_check scan_check feature_check \
              policy_check enumeration_check soak_check config_check
house_checks = layering coroutines style causes

.PHONY: help build run test test-unit test-lab test-sanitized test-fuzz bench soak lint lint-quick format \
        tidy fuzz package install clean packages-build packages-test packages-fuzz
.DEFAULT_GOAL := build

help: ## lists the targets
	@echo "make [TARGET] [VARIABLE=value]"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' Makefile
	@echo "Variables: PREFIX=$(PREFIX) DESTDIR= JOBS= STAGES='$(STAGES)' FUZZ_SECONDS=$(FUZZ_SECONDS) RUNS=$(RUNS)"

# Each preset is configured once; from then on Ninja calls CMake again where a CMake file changed.
build/%/build.ninja: CMakePresets.json | packages-build
	@cmake --preset $* -DPython3_EXECUTABLE=$(PYTHON) $(LAUNCHER) $(EXTRA) $(LINKER)

build/release/build.ninja: EXTRA = $(if $(UNITY),-DTLSDOCTOR_UNITY=$(UNITY))
build/fuzz/build.ninja build/tidy/build.ninja: LINKER =
build/fuzz/build.ninja build/tidy/build.ninja: | packages-fuzz
# clang-tidy reads the sources themselves; GCC's precompiled headers mean nothing to it.
build/tidy/build.ninja: EXTRA = -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON -DTLSDOCTOR_TESTS=OFF

packages-build:
	@$(call install_packages,build)
packages-test:
	@$(call install_packages,build test)
packages-fuzz:
	@$(call install_packages,build fuzz)

build: build/release/build.ninja ## builds build/release/tlsdoctor
	@$(call build,release,tlsdoctor)

run: build ## diagnoses broken servers of its own; TARGET=host:port [ARGS=...]: a real one
ifeq ($(TARGET),)
	@build/release/tlsdoctor demo $(ARGS)
else
	@build/release/tlsdoctor check $(ARGS) "$$TARGET"; code=$$?; \
	echo "tlsdoctor's exit code: $$code"; \
	case $$code in 0|1|3|4) ;; *) exit $$code ;; esac
endif

test: ## the lab of real servers, unit tests under sanitizers, house rules, new fuzzing; STAGES=... for some
	@$(PYTHON) tools/run_tests.py --make "$(MAKE)" $(STAGES)

test-unit: packages-test build/release/build.ninja ## the unit tests as users run the code, and the house rules
	@$(call build,release)
	@ctest --test-dir build/release --output-on-failure --parallel 2

test-lab: build ## real servers on loopback
	@$(call build,release,bench_tools config_lossless)
	@tools/install_packages.sh tools/packages/test.txt lab/packages.txt
	@lab/install_node.sh
	@for test in lab/lib/*_test.py bench/lib/*_test.py; do $(PYTHON) $$test || exit 1; done
	@code=0; for script in $(lab_scripts); do \
	    $(PYTHON) lab/$$script.py --tlsdoctor build/release/tlsdoctor || code=1; \
	done; \
	$(PYTHON) tools/score_messages.py build/release/tlsdoctor tests/explain/cases.jsonl || code=1; \
	exit $$code

test-sanitized: packages-test build/dev/build.ninja ## the unit tests under ASan and UBSan, and the house rules
	@$(call build,dev)
	@ctest --test-dir build/dev --output-on-failure --parallel 2

test-fuzz: build/fuzz/build.ninja ## FUZZ_SECONDS of new fuzzing
	@$(call build,fuzz)
	@$(PYTHON) tools/run_fuzzers.py --total $(FUZZ_SECONDS)

fuzz: build/fuzz/build.ninja ## each fuzzer for a minute
	@$(call build,fuzz)
	@$(PYTHON) tools/run_fuzzers.py --each 60

bench: build ## compares with sslscan, nmap, testssl.sh and openssl on local servers; RUNS=n ROWS=1,3
	@$(call install_packages,bench)
	@$(call build,release,bench_tools)
	@$(PYTHON) bench/run.py --tlsdoctor build/release/tlsdoctor --runs $(RUNS) --rows "$(ROWS)" --json build/bench.json \
	    $(if $(DOC),--doc $(DOC))

soak: build ## scans TARGETS=n targets, a third of them hostile
	@$(call build,release,bench_tools)
	@$(PYTHON) bench/soak.py --tlsdoctor build/release/tlsdoctor --targets $(or $(TARGETS),200000)

lint: lint-quick tidy ## format, house rules, clang-tidy

lint-quick: ## the part of lint that takes seconds
	@$(call install_packages,build lint)
	@clang-format-19 --dry-run -Werror $(sources)
	@for check in $(house_checks); do $(PYTHON) tools/check_$$check.py || exit 1; done

tidy: build/tidy/build.ninja
	@$(call install_packages,lint)
	@# The tables that the sources include, made without compiling what stands below them.
	@ninja -C build/tidy -t commands | grep '/tools/gen_' | sh -e
	@run-clang-tidy-19 -quiet -p build/tidy $(if $(JOBS),-j $(JOBS)) "$(CURDIR)/src/.*\.cpp"

format: ## formats the sources
	@$(call install_packages,lint)
	@clang-format-19 -i $(sources)

package: build ## a Debian package in build/
	@$(call install_packages,package)
	@cd build/release && cpack -B "$(CURDIR)/build"

install: build ## installs below $(DESTDIR)$(PREFIX)
	@cmake --install build/release --prefix "$(PREFIX)"

clean: ## removes build/
	@rm -rf build
