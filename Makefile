.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# npm from requirements-node.txt, where the machine has none
export PATH := $(PATH):$(CURDIR)/$(BIN)
LOCK := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
	--python-version

##@ To use

help: ## list what can be made
	@awk 'BEGIN {FS = ":.*## "} \
		/^##@/ {printf "\n%s\n", substr($$0, 5)} \
		/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/stamp-project console/node_modules/stamp $(VENV)/stamp-nlu ## install all that running and testing need

demo: setup ## run a fictional municipality with its residents, providers and console
	$(BIN)/samenspraak demo

rasa: setup .rasa/stamp ## train Rasa on the same sentences, and serve it on loopback beside us
	$(BIN)/samenspraak nlu serve

rasa-environment: .rasa/stamp

##@ To develop

test: setup ## run all tests, on both databases and in a browser
	@$(BIN)/python -m tests.chromium
	@$(BIN)/python -m pytest --numprocesses 3 --dist loadfile

test-rasa: setup .rasa/stamp ## hold the contract with a real Rasa server, on a slice of ten topics
	@$(BIN)/python -m pytest tests/rasa

rasa-compare: setup .rasa/stamp ## compare Rasa with the embedded engine, within 45 minutes on two cores
	$(BIN)/python -m benchmarks.rasa_comparison --write

test-faults: setup ## kill workers 100 times on each database, restart PostgreSQL ten times (half an hour)
	@$(BIN)/python -m pytest tests/faults tests/acceptance/test_kill.py tests/acceptance/test_workers.py \
		--kills 100 --restarts 10

nlu-report: setup ## measure the understanding on the held-out files; fail where it is worse than at the last release
	$(BIN)/python -m benchmarks.nlu_report

check: setup ## check format, lint, types and import layers
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup ## put the code in the common format, and mend what the linter can
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

lock: $(VENV)/stamp-requirements ## write the locked requirements again after pyproject.toml or package.json changed
	$(LOCK) 3.11 pyproject.toml --output-file requirements.txt
	$(LOCK) 3.11 pyproject.toml --group dev --constraint requirements.txt --output-file requirements-dev.txt
	$(LOCK) 3.11 --group node --output-file requirements-node.txt
	$(LOCK) 3.10 --group rasa --output-file requirements-rasa.txt
	cd console && npm install --package-lock-only

.PHONY: help setup demo rasa rasa-environment test test-faults test-rasa rasa-compare nlu-report check format lock

# Each stamp is newer than what it was made from: a second `make setup` does nothing.

$(VENV)/stamp-python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo 'Samenspraak needs Python 3.11 or newer. Name another one so: make setup PYTHON=python3.12' >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/stamp-requirements: $(VENV)/stamp-python requirements-dev.txt
	$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@

$(VENV)/stamp-project: $(VENV)/stamp-requirements pyproject.toml
	$(PIP) install --no-deps --no-build-isolation --editable .
	@# Where Python is told not to write what it compiled, each start would compile half a second.
	@$(BIN)/python -m compileall -q $(filter-out tests,$(notdir $(patsubst %/,%,$(dir $(wildcard */__init__.py)))))
	@touch $@

console/node_modules/stamp: console/package.json console/package-lock.json | $(VENV)/stamp-python
	@command -v npm >/dev/null || $(PIP) install --require-hashes -r requirements-node.txt
	cd console && npm ci
	@touch $@

.rasa/stamp: requirements-rasa.txt | $(VENV)/stamp-project
	$(BIN)/python -m nlu.rasa_environment .rasa requirements-rasa.txt
	@touch $@

$(VENV)/stamp-nlu: nlu/topics.yml $(shell find nlu/training -name '*.yml') | $(VENV)/stamp-project
	$(BIN)/samenspraak nlu train
	@touch $@
