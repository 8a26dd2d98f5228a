# Attune: `make run` serves the demo, `make test` runs the whole suite; `make help` lists the rest.

SHELL := /bin/bash
.DEFAULT_GOAL := help

SOURCES := Package.swift Sources Tests $(wildcard Fuzz Benchmarks)
SWIFT_FLAGS := --explicit-target-dependency-import-check error
# CONTRIBUTING, "The release build", says why. All targets build releases with the same flags, else each rebuilds all.
RELEASE_FLAGS := --static-swift-stdlib -Xswiftc -enforce-exclusivity=unchecked
REPORTS := .build/reports
BINARY := .build/release/attune
PYTEST := .venv/client/bin/python -m pytest

.PHONY: help run test build release lint format tidy swift-test e2e gate fuzz soak bench clean gate-accept curves curves-accept \
	packages-run packages-test packages-gate packages-bench environments-run environments-test \
	environments-python python-test sanitize

help: ## List the targets.
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## /\1\t/' | expand -t 12

run: packages-run environments-run release ## Install what is missing, build a release and serve config/demo.toml.
	@scripts/run-demo $(BINARY) config/demo.toml

test: packages-test environments-test lint swift-test sanitize release python-test e2e ## Install what is missing and run the whole suite.

build: ## Build everything for debugging, with the tests.
	swift build --build-tests $(SWIFT_FLAGS)

release: ## Build the program for use.
	swift build -c release --product attune $(SWIFT_FLAGS) $(RELEASE_FLAGS)

lint: ## Check the formatting.
	swift format lint --strict --parallel --recursive $(SOURCES)

format: ## Format every Swift file in place.
	swift format --in-place --parallel --recursive $(SOURCES)

# A few at a time: hundreds at once on two cores starve those that talk to real servers.
swift-test: build ## Run the Swift tests (they include Tidy).
	@mkdir -p $(REPORTS)
	SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=4 swift test --skip-build --disable-xctest --xunit-output $(REPORTS)/swift.xml $(SWIFT_FLAGS)

sanitize: ## Run the rooms of shared memory under the thread sanitizer.
	@mkdir -p $(REPORTS)
	swift test --sanitize=thread --disable-xctest --package-path Tests/Sanitized --xunit-output $(REPORTS)/sanitize.xml

tidy: ## Run only the checks of sizes, names and import directions.
	swift test --disable-xctest --filter Tidy $(SWIFT_FLAGS)

e2e: environments-test environments-python $(if $(ATTUNE_BINARY),,release) ## Run the end-to-end tests against the release build (else ATTUNE_BINARY).
	@mkdir -p $(REPORTS)
	$(PYTEST) Tests/EndToEnd --junitxml=$(REPORTS)/e2e.xml $(E2E_FLAGS)

python-test: environments-python ## Test the Python package in python/.
	@mkdir -p $(REPORTS)
	cd python && ../.venv/python/bin/python -m pytest --junitxml=../$(REPORTS)/python.xml $(PYTHON_FLAGS)

gate: packages-gate release ## Compare the instruction counts of the release build with the committed ones.
	scripts/instruction-gate $(BINARY)

gate-accept: packages-gate release ## Accept the instruction counts of the release build; commit them with the reason.
	scripts/instruction-gate $(BINARY) --accept

curves: $(if $(ATTUNE_BINARY),,release) ## Compare the learning curves of all tasks with the committed ones.
	scripts/learning-curves $(or $(ATTUNE_BINARY),$(BINARY))

curves-accept: release ## Accept the learning curves of the release build; commit them with the reason.
	scripts/learning-curves $(BINARY) --accept

fuzz: packages-bench ## Run the fuzzers of Wire, model history, metric history and the audit log (FUZZ_SECONDS each, default 60).
	Fuzz/run.sh $${FUZZ_SECONDS:-60}
	Fuzz/history.sh $${FUZZ_SECONDS:-60}
	Fuzz/metrics.sh $${FUZZ_SECONDS:-60}
	Fuzz/audit.sh $${FUZZ_SECONDS:-60}

soak: environments-test environments-python release ## Hold 10,000 idle and 500 active clients, and kill readers and writers of the region by the thousand, writers of a store 10,000 times and of a history of models 3,000, gateways by the hundred.
	.venv/client/bin/python Tests/EndToEnd/soak.py --binary $(BINARY) $(SOAK_FLAGS)
	ATTUNE_SOAK_KILLS=$${KILL_ROUNDS:-1000} swift test --disable-xctest --filter 'KilledProcessTests|KilledOwnerTests' $(SWIFT_FLAGS)
	ATTUNE_BINARY=$(BINARY) ATTUNE_LEARNER_KILLS=$${KILL_ROUNDS:-1000} .venv/client/bin/python -m pytest Tests/EndToEnd/test_learner.py -k killed_again --timeout 14400
	ATTUNE_BINARY=$(BINARY) ATTUNE_GATEWAY_KILLS=$${GATEWAY_KILLS:-300} .venv/client/bin/python -m pytest Tests/EndToEnd/test_region.py Tests/EndToEnd/test_learner.py Tests/EndToEnd/test_python.py -k 'killed_amid_calls or kill_of_the_gateway or killed_gateway' --timeout 14400
	ATTUNE_STORE_KILLS=$${STORE_KILLS:-10000} swift test --disable-xctest --filter CrashTests $(SWIFT_FLAGS)
	ATTUNE_HISTORY_KILLS=$${HISTORY_KILLS:-3000} swift test --disable-xctest --filter ProcessTests/crash $(SWIFT_FLAGS)
	ATTUNE_BINARY=$(BINARY) ATTUNE_CRASH_KILLS=$${GATEWAY_KILLS:-300} .venv/client/bin/python -m pytest Tests/EndToEnd/test_crash.py --timeout 14400
	cd python && ATTUNE_KILL_ROUNDS=$${KILL_ROUNDS:-1000} ../.venv/python/bin/python -m pytest tests/test_crash.py -k killed --timeout 7200

bench: packages-bench release ## Measure the promises of the system, Wire beside other parsers, a ring beside one in C, the store beside RocksDB alone, Attune beside other gateways.
	$(BINARY) bench targets
	swift run -c release --package-path Benchmarks wire-bench
	swift run -c release --package-path Benchmarks ring-bench
	Benchmarks/store/compare
	Benchmarks/state/compare
	Benchmarks/router/compare $(BINARY)
	Benchmarks/observation/compare $(BINARY)
	Benchmarks/peers/compare $(BINARY)

clean: ## Remove the builds (the Python environments stay).
	rm -rf .build Tests/Sanitized/.build

packages-run packages-test packages-gate packages-bench: packages-%:
	@scripts/system-packages $*

environments-run:
	@scripts/python-environment servers-modern servers-legacy

environments-test:
	@scripts/python-environment servers-modern servers-legacy client client-legacy

environments-python:
	@scripts/python-environment python
